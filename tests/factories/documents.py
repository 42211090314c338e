"""Documents, made through the services that people use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from documents import registry
from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput
from documents.selectors.cases import load_case
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from masterdata.models import Article, Partner
from numbering.models import NumberSeries
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.services.begin import today_in
from workflow.services.perform import Decision, perform, save_and_submit


def make_series(company: Company) -> None:
    """A series for every declared kind, as a new company has them."""
    for item in registry.all_types():
        NumberSeries.objects.get_or_create(
            company=company, kind=item.code,
            defaults={
                "prefix": item.prefix, "pattern": "{prefix}-{year}-{number:05d}", "reset": "calendar",
                "valid_from": dt.date(2000, 1, 1),
            },
        )  # fmt: skip


def line(article: Article | None, quantity: str, **values: Any) -> LineInput:
    return LineInput(article_id=article.pk if article else None, quantity=Decimal(quantity), **values)


def draft(kind: str, partner: Partner, *lines: LineInput, **values: Any) -> DraftInput:
    return DraftInput(kind=kind, partner_id=partner.pk, lines=lines, **values)


def discount(percent: str) -> AllowanceInput:
    return AllowanceInput(percent=Decimal(percent))


def freight(amount: str) -> AllowanceInput:
    return AllowanceInput(is_charge=True, amount=Decimal(amount))


def submitted(company: Company, actor: Actor, data: DraftInput) -> Case:
    return save_and_submit(company=company, actor=actor, data=data, today=today_in(company))


def follow(
    company: Company,
    actor: Actor,
    kind: str,
    *sources: Case,
    picks: dict[int, str] | None = None,
    **values: Any,
) -> Case:
    """A follow-up of the sources; ``picks`` is source line id -> quantity."""
    wish = FollowUp(
        picks=tuple(Pick(pk, Decimal(quantity)) for pk, quantity in (picks or {}).items()), **values
    )
    return create_follow_up(
        company=company, actor=actor, kind=kind, sources=[case.document.pk for case in sources],
        today=today_in(company), wish=wish,
    )  # fmt: skip


def act(case: Case, action: str, actor: Actor, reason: str = "", **values: Any) -> Case:
    return perform(
        document_id=case.document.pk, action=action, actor=actor, decision=Decision(reason=reason, **values)
    )


def again(case: Case) -> Case:
    """The case as the database has it now."""
    return load_case(case.document.pk)
