"""Who acts, in which company, with which scopes: what every service takes instead of a request."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from valeo.core.exceptions import NotPermitted


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in one company. ``user_id`` None is the system itself (worker, command)."""

    user_id: int | None
    name: str
    company_id: int
    scopes: frozenset[str]
    roles: frozenset[str] = frozenset()
    approval_limit: Decimal | None = None
    request_id: str = ""

    def has(self, scope: str) -> bool:
        return scope in self.scopes

    def has_any(self, *scopes: str) -> bool:
        return any(scope in self.scopes for scope in scopes)

    def require(self, *any_of: str) -> None:
        """Raise ``NotPermitted`` with the names when the actor has none of the scopes."""
        if not self.has_any(*any_of):
            raise NotPermitted(any_of)
