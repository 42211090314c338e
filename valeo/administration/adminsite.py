"""The administrator's site: only with ``admin:all``, only the rows of the company in scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from valeo.administration.sections import Section
from valeo.tenancy.access import ADMIN, Access, declare, public, signed_in


def declare_all(patterns: Iterable[URLPattern | URLResolver], access: Access) -> None:
    """Put the declaration on every callback below."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            declare_all(pattern.url_patterns, access)
        elif not hasattr(pattern.callback, "access"):
            declare(pattern.callback, access)


class BackOffice(AdminSite):
    """Signing in and out is the application's; who gets here has passed the middleware."""

    site_title = "VALEO"
    site_header = "VALEO"
    index_title = _("Administration")
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        patterns = super().get_urls()
        declare_all(patterns, ADMIN)
        return patterns

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The pages by what one comes for; which app a page belongs to is no business of the reader."""
        entries: dict[Section, list[dict[str, Any]]] = {section: [] for section in Section}
        for app in super().get_app_list(request, app_label):
            for entry in app["models"]:
                page: Any = self.get_model_admin(entry["model"])
                one = str(entry["model"]._meta.verbose_name)
                entries[page.section].append({**entry, "hint": page.hint, "one": one})
        return [
            {"name": section.label, "app_label": section.value, "app_url": "", "models": found}
            for section, found in entries.items()
            if found
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.has("admin:all")

    @public
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("login")

    @public
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return redirect("login")

    @signed_in
    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("password_change")
