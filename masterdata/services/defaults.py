"""The master data that a new company starts with."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from masterdata.content import hashes, rows_of
from masterdata.defaults import PAYMENT_TERMS, TAX_CODES, TAX_RULES, UNITS, CodeRow, RuleRow, UnitRow
from masterdata.models import PaymentTerm, PaymentTermInstalment, TaxCode, TaxRate, TaxRule, Unit
from masterdata.services.writing import ADMIN
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

_CREATED = {
    Unit: "unit.create",
    TaxCode: "tax_code.create",
    TaxRule: "tax_rule.create",
    PaymentTerm: "payment_term.create",
}


@transaction.atomic
def create_default_masterdata(company: Company, actor: Actor) -> None:
    """Units, tax codes with rates, tax rules and payment terms; what a code names already is left alone."""
    actor.require(ADMIN)
    made = [
        *_make_units(company.pk),
        *_make_codes(company.pk),
        *_make_rules(company.pk),
        *_make_terms(company.pk),
    ]
    journal = Journal(actor)
    for model, action in _CREATED.items():
        rows = [row for row in made if type(row) is model]
        content = hashes(model, rows_of(model, [row.pk for row in rows], company_id=company.pk))
        for row in rows:
            label = getattr(row, "code", None)
            journal.entry(
                action=action, obj=row, label=label if isinstance(label, str) else str(row),
                data={"content": content[row.pk], "default": True},
            )  # fmt: skip
    journal.flush()


def _missing(model: type[Unit | TaxCode | PaymentTerm], company_id: int) -> set[str]:
    return set(model.everywhere.filter(company_id=company_id).values_list("code", flat=True))


def _make_units(company_id: int) -> list[Unit]:
    known = _missing(Unit, company_id)
    roots = [_unit(company_id, row) for row in UNITS if not row.base and row.code not in known]
    Unit.everywhere.bulk_create(roots)
    by_code = {unit.code: unit for unit in Unit.everywhere.filter(company_id=company_id)}
    multiples = [_unit(company_id, row) for row in UNITS if row.base and row.code not in known]
    for unit, row in zip(
        multiples, [row for row in UNITS if row.base and row.code not in known], strict=True
    ):
        unit.base = by_code[row.base]
    Unit.everywhere.bulk_create(multiples)
    return [*roots, *multiples]


def _unit(company_id: int, row: UnitRow) -> Unit:
    return Unit(
        company_id=company_id, code=row.code, name_de=row.name_de, name_en=row.name_en, symbol_de=row.symbol_de,
        symbol_en=row.symbol_en, decimals=row.decimals, factor=row.factor,
    )  # fmt: skip


def _make_codes(company_id: int) -> list[TaxCode]:
    known = _missing(TaxCode, company_id)
    rows = [row for row in TAX_CODES if row.code not in known]
    codes = TaxCode.everywhere.bulk_create(_code(company_id, row) for row in rows)
    TaxRate.everywhere.bulk_create(
        TaxRate(
            company_id=company_id, code=code, percent=rate.percent, valid_from=rate.first, valid_to=rate.last
        )
        for code, row in zip(codes, rows, strict=True)
        for rate in row.rates
    )
    return list(codes)


def _code(company_id: int, row: CodeRow) -> TaxCode:
    return TaxCode(
        company_id=company_id, code=row.code, name_de=row.name_de, name_en=row.name_en, direction=row.direction,
        category=row.category, exemption_code=row.exemption_code, exemption_text_de=row.text_de,
        exemption_text_en=row.text_en, return_box=row.box, datev_key=row.datev,
    )  # fmt: skip


def _make_rules(company_id: int) -> list[TaxRule]:
    if TaxRule.everywhere.filter(company_id=company_id).exists():
        return []
    codes = {code.code: code for code in TaxCode.everywhere.filter(company_id=company_id)}
    return list(TaxRule.everywhere.bulk_create(_rule(company_id, row, codes[row.code]) for row in TAX_RULES))


def _rule(company_id: int, row: RuleRow, code: TaxCode) -> TaxRule:
    return TaxRule(
        company_id=company_id, priority=row.priority, side=row.side, tax_class=row.tax_class, vat_scheme=row.scheme,
        tax_status=row.status, ship_from=row.origin, ship_to=row.destination, vat_id=row.vat_id, code=code,
    )  # fmt: skip


def _make_terms(company_id: int) -> list[PaymentTerm]:
    known = _missing(PaymentTerm, company_id)
    has_default = PaymentTerm.everywhere.filter(company_id=company_id, is_default=True).exists()
    rows = [row for row in PAYMENT_TERMS if row.code not in known]
    terms = PaymentTerm.everywhere.bulk_create(
        PaymentTerm(
            company_id=company_id, code=row.code, name_de=row.name_de, name_en=row.name_en,
            is_default=row.code == "N30" and not has_default,
        )
        for row in rows
    )  # fmt: skip
    PaymentTermInstalment.everywhere.bulk_create(
        PaymentTermInstalment(company_id=company_id, term=term, **asdict(part))
        for term, row in zip(terms, rows, strict=True)
        for part in row.parts
    )
    return list(terms)
