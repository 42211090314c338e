"""Who may call a view: declared on the view, enforced by ``valeo.tenancy.middleware`` before it runs.

Function views: ``@scoped("sales:read")`` (any of the scopes is enough; ``all_of=`` asks for each), ``@signed_in``,
``@public``. Class views: ``ScopedMixin`` with ``required_scopes``. DRF views: ``required_scopes`` and
``ScopePermission``. A view without a declaration is refused, and ``tests/architecture/test_url_scopes.py`` names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar

from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from valeo.core.exceptions import NotPermitted
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scopes import SCOPES

_View = TypeVar("_View", bound=Callable[..., Any])
Scopes = tuple[str, ...]


class ScopedRequest(HttpRequest):
    """For type hints: what a scoped view gets."""

    actor: Actor
    company: Company


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks for. Unknown scope names raise ``ValueError`` when the module is loaded."""

    kind: Literal["public", "signed_in", "scoped"]
    any_of: Scopes = ()
    all_of: Scopes = ()

    def __post_init__(self) -> None:
        unknown = {*self.any_of, *self.all_of} - set(SCOPES)
        if unknown:
            raise ValueError(f"Unknown scopes: {', '.join(sorted(unknown))}")
        if self.kind == "scoped" and not (self.any_of or self.all_of):
            raise ValueError("A scoped view names at least one scope.")

    def missing(self, actor: Actor) -> Scopes:
        """The names of the scopes that the actor lacks; empty when he may."""
        lacks = tuple(scope for scope in self.all_of if not actor.has(scope))
        if self.any_of and not actor.has_any(*self.any_of):
            lacks = (*self.any_of, *lacks)
        return lacks


PUBLIC = Access("public")
SIGNED_IN = Access("signed_in")
ADMIN = Access("scoped", all_of=("admin:all",))


def declare(view: _View, access: Access) -> _View:
    """Put a declaration on a view function."""
    view.access = access  # type: ignore[attr-defined]
    view.required_scopes = (*access.any_of, *access.all_of)  # type: ignore[attr-defined]
    return view


def scoped(*any_of: str, all_of: Scopes = ()) -> Callable[[_View], _View]:
    """The view needs one of ``any_of`` and each of ``all_of`` in the current company."""
    access = Access("scoped", any_of, all_of)
    return lambda view: declare(view, access)


def signed_in(view: _View) -> _View:
    """The view needs a user and, where he has one, brings his company; no scope."""
    return declare(view, SIGNED_IN)


def public(view: _View) -> _View:
    """Anybody; the middleware reads neither session nor company."""
    return declare(view, PUBLIC)


class ScopedMixin:
    """Class views: ``required_scopes`` (any of), ``required_all_of`` (each)."""

    required_scopes: ClassVar[Scopes] = ()
    required_all_of: ClassVar[Scopes] = ()

    request: ScopedRequest

    @property
    def actor(self) -> Actor:
        return self.request.actor


def access_of(view: Callable[..., Any], method: str = "") -> Access | None:
    """The declaration of a URL's callback; None where there is none.

    A DRF class may declare per action or method: ``required_scopes = {"list": (...), "POST": (...)}``; then the
    answer for no particular method unites them, and is None when one of its actions is missing.
    """
    own = getattr(view, "access", None)
    if isinstance(own, Access):
        return own
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if view_class is None:
        return None
    own = getattr(view_class, "access", None)
    if isinstance(own, Access):
        return own
    given = {**getattr(view, "view_initkwargs", {}), **getattr(view, "initkwargs", {})}
    any_of = given.get("required_scopes", getattr(view_class, "required_scopes", ()))
    all_of = given.get("required_all_of", getattr(view_class, "required_all_of", ()))
    if isinstance(any_of, Mapping):
        any_of = _of_actions(any_of, getattr(view, "actions", None) or {}, method)
    return Access("scoped", tuple(any_of), tuple(all_of)) if any_of or all_of else None


def _of_actions(declared: Mapping[str, Scopes], actions: Mapping[str, str], method: str) -> Scopes:
    if method:
        action = actions.get(method.lower(), "")
        return declared.get(action) or declared.get(method.upper(), ())
    wanted = [declared.get(action) or declared.get(verb.upper(), ()) for verb, action in actions.items()]
    if not actions:
        wanted = list(declared.values())
    return tuple(dict.fromkeys(scope for scopes in wanted for scope in scopes)) if all(wanted) else ()


class ScopePermission(BasePermission):
    """DRF: default deny; 401 without a user, 403 with the names of the missing scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise ``NotAuthenticated`` or ``NotPermitted``; a view without declaration is refused."""
        access = getattr(view, "access", None)
        if not isinstance(access, Access):
            access = self._declared(request, view)
        if access is None:
            raise NotPermitted(())
        if access.kind == "public":
            return True
        actor = getattr(request._request, "actor", None)
        if actor is None:
            raise NotAuthenticated
        missing = access.missing(actor)
        if missing:
            raise NotPermitted(missing)
        return True

    def _declared(self, request: Request, view: Any) -> Access | None:
        any_of = getattr(view, "required_scopes", ())
        all_of = getattr(view, "required_all_of", ())
        if isinstance(any_of, Mapping):
            action = getattr(view, "action", None) or ""
            any_of = any_of.get(action) or any_of.get((request.method or "").upper(), ())
        return Access("scoped", tuple(any_of), tuple(all_of)) if any_of or all_of else None
