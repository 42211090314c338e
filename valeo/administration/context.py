"""What every page shows of company and user (docs/components.md, "Page frames")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from valeo.core.components.formats import initials
from valeo.tenancy.models import Company
from valeo.tenancy.selectors import companies_of


@dataclass(frozen=True, slots=True)
class ShownCompany:
    """A company in the header and its switcher.

    ``initials`` are its code where the user has another company with the same ones.
    """

    uuid: UUID
    name: str
    initials: str


def shown(company: Company, among: Iterable[Company] = ()) -> ShownCompany:
    short = initials(company.name)
    alike = any(other.pk != company.pk and initials(other.name) == short for other in among)
    return ShownCompany(company.uuid, company.name, company.code if alike else short)


def workplace(request: HttpRequest) -> dict[str, Any]:
    """``company``, ``companies`` and ``company_mark`` (read only where the page shows them), ``user_settings``.

    Nothing on public pages.
    """
    company = getattr(request, "company", None)
    if company is None:
        return {}
    user: Any = request.user

    @cache
    def rows() -> list[Company]:
        return list(companies_of(user))

    @cache
    def companies() -> list[ShownCompany]:
        return [shown(each, rows()) for each in rows()]

    def mark() -> str:
        return shown(company, rows()).initials

    return {
        "company": shown(company),
        "company_mark": mark,
        "companies": companies,
        "is_administrator": request.actor.has("admin:all"),  # type: ignore[attr-defined]
        "user_settings": {"theme": user.theme, "language": user.language},
    }
