"""Reads what the tax decision needs, for all lines of a document at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from masterdata.models import PartnerTaxStatus, TaxRate, TaxRule
from masterdata.models.fields import valid_on
from masterdata.taxing import Dated, Facts, FoundTax, Rule, TaxAnswer, TaxQuestion, TaxSituation, decide_all
from valeo.tenancy.models import CompanyVatScheme

__all__ = [
    "Facts",
    "FoundTax",
    "TaxAnswer",
    "TaxQuestion",
    "TaxSituation",
    "all_rules",
    "all_schemes",
    "determine_taxes",
    "rates_on",
    "statuses_of",
]


def determine_taxes(
    situation: TaxSituation, questions: Iterable[TaxQuestion], facts: Facts | None = None
) -> dict[Hashable, TaxAnswer]:
    """The tax of each line, or its blocks; two queries whatever the number of lines, none with ``facts`` at hand."""
    asked = list(questions)
    if not asked:
        return {}
    if facts is not None:
        return dict(decide_all(situation, asked, facts))
    statuses, schemes = _statuses_and_schemes(situation.partner_id)
    rules = _rules(situation.side, {question.tax_class for question in asked})
    return dict(decide_all(situation, asked, Facts(statuses, schemes, rules)))


def rates_on(code_ids: Iterable[int], day: date) -> dict[int, Decimal]:
    """The percentage of each code on a supply date; a code without a rate in force is left out."""
    return dict(
        TaxRate.objects.filter(valid_on(day), code_id__in=list(code_ids)).values_list("code_id", "percent")
    )


def _statuses_and_schemes(partner_id: int) -> tuple[list[Dated], list[Dated]]:
    columns = ("kind", "value", "valid_from", "valid_to")
    rows = (
        PartnerTaxStatus.objects.filter(partner_id=partner_id)
        .annotate(kind=Value("status"), value=F("status"))
        .values_list(*columns)
        .union(
            CompanyVatScheme.objects.order_by()
            .annotate(kind=Value("scheme"), value=F("scheme"))
            .values_list(*columns),
            all=True,
        )
    )
    statuses: list[Dated] = []
    schemes: list[Dated] = []
    for kind, value, first, last in rows:
        (statuses if kind == "status" else schemes).append(Dated(value, first, last))
    return statuses, schemes


def statuses_of(partner_ids: Iterable[int]) -> dict[int, list[Dated]]:
    """The tax statuses of several partners; one query."""
    found: dict[int, list[Dated]] = {pk: [] for pk in partner_ids}
    rows = PartnerTaxStatus.objects.filter(partner_id__in=list(found))
    for pk, *dated in rows.values_list("partner_id", "status", "valid_from", "valid_to"):
        found[pk].append(Dated(*dated))
    return found


def all_schemes() -> list[Dated]:
    """The company's own VAT schemes."""
    columns = ("scheme", "valid_from", "valid_to")
    return [Dated(*row) for row in CompanyVatScheme.objects.order_by().values_list(*columns)]


def all_rules(side: str) -> list[Rule]:
    """The active rules of a side with their codes and rates, of all tax classes; one query."""
    return _read_rules(TaxRule.objects.filter(active=True, side=side))


def _rules(side: str, tax_classes: set[str]) -> list[Rule]:
    return _read_rules(TaxRule.objects.filter(active=True, side=side, tax_class__in=["", *tax_classes]))


def _read_rules(rules: QuerySet[TaxRule]) -> list[Rule]:
    rates = TaxRate.objects.filter(code_id=OuterRef("code_id")).values(
        # as text: JSON would turn the decimal into a float
        json=JSONObject(percent=Cast("percent", CharField()), first="valid_from", last="valid_to")
    )
    rows = rules.select_related("code").annotate(code_rates=ArraySubquery(rates))
    return [_rule(row, row.code_rates) for row in rows]


def _rule(row: TaxRule, rates: list[dict[str, Any]]) -> Rule:
    code = row.code
    return Rule(
        id=row.pk, priority=row.priority, tax_class=row.tax_class, vat_scheme=row.vat_scheme,
        tax_status=row.tax_status, ship_from=row.ship_from, ship_to=row.ship_to, vat_id=row.vat_id,
        validity=Dated("", row.valid_from, row.valid_to), code_id=code.pk, code=code.code, category=code.category,
        exemption_code=code.exemption_code, exemption_text_de=code.exemption_text_de,
        exemption_text_en=code.exemption_text_en,
        rates=tuple(Dated(rate["percent"], _day(rate["first"]), _day(rate["last"])) for rate in rates),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
