"""Default deny: every URL declares who may call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from valeo.tenancy.access import ADMIN, access_of

#: public addresses, each with its reason; a new one is a decision, not an oversight
PUBLIC = {
    "login/": "who is not signed in signs in here",
    "logout/": "ends a session, also one whose user has no company",
    "language/": "the login page has the switch too",
    "branding/<uuid:company>.css": "the verification page carries the company's colour",
    "branding/<uuid:branding>/logo": "and its logo",
    "verify/": "an outsider with a printed document checks that it is genuine",
    "verify/<str:domain>/<str:number>/<str:code>": "where its QR code leads",
    "admin/login/": "leads to the login page",
    "admin/logout/": "ends a session",
    "robots.txt": "search engines ask without a login",
    "healthz": "orchestrators ask without a login",
    "readyz": "likewise",
    "styleguide/": "shows components with made-up data",
    "styleguide/errors/<slug:code>/": "likewise",
}


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def table() -> list[tuple[str, Any]]:
    return list(_walk(get_resolver(settings.ROOT_URLCONF).url_patterns))


def test_every_url_declares_its_scope() -> None:
    urls = table()
    assert len(urls) > 20
    silent = [address for address, view in urls if access_of(view) is None]
    assert not silent, f"These addresses declare no scope (valeo.tenancy.access): {silent}"


def test_public_addresses_are_known() -> None:
    declared = {(address, access_of(view)) for address, view in table()}
    public = {address for address, access in declared if access is not None and access.kind == "public"}
    assert public <= set(PUBLIC), f"Give each public address its reason above: {public - set(PUBLIC)}"


def test_the_whole_admin_asks_for_admin_all() -> None:
    admin = [
        (address, view) for address, view in table() if address.startswith("admin/") and address not in PUBLIC
    ]
    assert len(admin) > 10
    others = {address for address, view in admin if access_of(view) != ADMIN}
    assert others == {"admin/password_change/"}  # signed in: it only leads to the password page


def test_the_middleware_that_enforces_it_is_on() -> None:
    assert settings.MIDDLEWARE[-1] == "valeo.tenancy.middleware.AccessMiddleware"
    assert "valeo.core.errors.DomainErrorMiddleware" in settings.MIDDLEWARE


@pytest.mark.parametrize("name", ["DEFAULT_PERMISSION_CLASSES"])
def test_rest_views_deny_by_default(name: str) -> None:
    assert settings.REST_FRAMEWORK[name] == ["valeo.tenancy.access.ScopePermission"]
