"""The scopes (contract § 2) and the role groups that a company is created with."""

from __future__ import annotations

from typing import Final

SCOPES: Final[tuple[str, ...]] = (
    "sales:read", "sales:write", "sales:approve", "sales:post",
    "purchase:read", "purchase:write", "purchase:approve", "purchase:post",
    "inventory:read", "inventory:write",
    "finance:read", "finance:write",
    "docs:print", "docs:export", "docs:archive",
    "policy:read", "policy:write",
    "gdpr:erase", "gdpr:export",
    "admin:all",
)  # fmt: skip
READ_SCOPES: Final = tuple(scope for scope in SCOPES if scope.endswith(":read"))

_OPERATOR: Final = (
    "sales:read", "sales:write", "purchase:read", "purchase:write", "inventory:read", "docs:print",
)  # fmt: skip
ROLE_SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "operator": _OPERATOR,
    "warehouse": ("sales:read", "purchase:read", "inventory:read", "inventory:write", "docs:print"),
    "manager": (*_OPERATOR, "sales:approve", "purchase:approve", "docs:export", "docs:archive", "policy:read"),
    "accountant": (
        *(f"{domain}:{right}" for domain in ("sales", "purchase") for right in ("read", "write", "approve", "post")),
        "inventory:read", "inventory:write", "finance:read", "finance:write",
        "docs:print", "docs:export", "docs:archive", "policy:read",
    ),
    "auditor": (*READ_SCOPES, "docs:export", "docs:archive"),
    "administrator": ("admin:all",),
}  # fmt: skip


def implied(scopes: set[str] | frozenset[str]) -> frozenset[str]:
    """``admin:all`` implies every other scope."""
    return frozenset(SCOPES) if "admin:all" in scopes else frozenset(scopes)
