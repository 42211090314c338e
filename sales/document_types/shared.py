"""What the kinds of sales share."""

from __future__ import annotations

from typing import Final

from documents.spec import Scopes

READ: Final = ("sales:read",)
WRITE: Final = ("sales:write",)
APPROVE: Final = ("sales:approve",)
POST: Final = ("sales:post",)

COMMITMENT: Final = Scopes(read=READ, write=WRITE, approve=APPROVE, post=WRITE)
DELIVERY: Final = Scopes(
    read=READ,
    write=("sales:write", "inventory:write"),
    approve=APPROVE,
    post=("inventory:write", "sales:write"),
)
INVOICE: Final = Scopes(read=READ, write=WRITE, approve=APPROVE, post=POST)
