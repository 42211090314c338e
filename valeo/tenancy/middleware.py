"""Enforces what views declare, and keeps the company in scope while they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from valeo.core import errors
from valeo.core.exceptions import DomainError, NotFound, NotPermitted, NotSignedIn
from valeo.tenancy import pace, scope
from valeo.tenancy.access import Access, access_of
from valeo.tenancy.kinds import UserLanguage
from valeo.tenancy.models import Membership
from valeo.tenancy.selectors import actor_of
from valeo.tenancy.signin import (
    COMPANY_KEY,
    default_membership,
    membership_of_session,
    remember_company,
)

#: what a company's people see is kept by no browser and no proxy: after a logout there is no way back to it
PRIVATE: Final = "no-store, private"


class AccessMiddleware:
    """Default deny: a view that declares nothing is a programming fault and is not called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with scope.no_company():
            try:
                response = self.get_response(request)
            finally:
                timezone.deactivate()
        if getattr(request, "is_private", False) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = PRIVATE
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Answer instead of the view where it may not be called."""
        api = getattr(view, "cls", None) is not None
        access = access_of(view, request.method or "")
        if access is None and not api:
            raise ImproperlyConfigured(f"{request.path} declares no scope")
        if access is not None and access.kind == "public":
            return None
        request.is_private = True  # type: ignore[attr-defined]
        try:
            membership = _membership(request)
            if membership is not None:
                _enter(request, membership)
                pace.check(membership.user_id)
            if not api:  # DRF authenticates by itself (tokens too), then ScopePermission decides
                _check(request, access)
        except DomainError as refusal:
            return None if api else errors.respond(request, refusal)
        return None


def _membership(request: HttpRequest) -> Membership | None:
    """The member that the request acts as; None for a user without a company.

    Raises ``NotSignedIn``, and ``NotFound`` for a write that was meant for a company he has lost.
    """
    membership = membership_of_session(request.session)
    if membership is not None:
        return membership
    # Django's own way, which also renews a session after a change of the secret key
    if not request.user.is_authenticated:
        raise NotSignedIn
    membership = membership_of_session(request.session)
    if membership is not None:
        return membership
    lost = request.session.pop(COMPANY_KEY, None)
    if lost is not None and request.method not in errors.SAFE_METHODS:
        raise NotFound
    membership = default_membership(request.session)
    if membership is not None:
        remember_company(request.session, membership.company)
    return membership


def _check(request: HttpRequest, access: Access | None) -> None:
    if access is None or access.kind != "scoped":
        return
    actor = getattr(request, "actor", None)
    if actor is None:
        raise NotPermitted((), errors.NO_COMPANY)
    missing = access.missing(actor)
    if missing:
        raise NotPermitted(missing)


def _enter(request: HttpRequest, membership: Membership) -> None:
    request.user = membership.user  # instead of Django's lazy one, which would ask again
    request.company = membership.company  # type: ignore[attr-defined]
    request.actor = actor_of(membership)  # type: ignore[attr-defined]
    scope.enter(membership.company_id)
    timezone.activate(ZoneInfo(membership.company.time_zone))
    if membership.user.language != UserLanguage.AUTO:
        translation.activate(membership.user.language)
        request.LANGUAGE_CODE = membership.user.language
