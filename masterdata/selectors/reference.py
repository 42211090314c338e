"""The master data that every document reads and hardly anybody changes, from the process where its stamp still holds."""

from __future__ import annotations

from dataclasses import dataclass

from masterdata.models import (
    Carrier,
    PaymentTerm,
    PaymentTermInstalment,
    PriceList,
    TaxCode,
    Unit,
    Warehouse,
)
from masterdata.selectors.taxes import all_rules, all_schemes
from masterdata.taxing import Dated, Rule
from valeo.tenancy.reference import Reference


@dataclass(frozen=True, slots=True)
class Terms:
    """Payment terms with their instalments by position."""

    term: PaymentTerm
    parts: list[PaymentTermInstalment]


def units(reference: Reference) -> dict[int, Unit]:
    return reference.get("units", lambda: {row.pk: row for row in Unit.objects.all()})


def unit_by_code(reference: Reference) -> dict[str, Unit]:
    return reference.get("unit codes", lambda: {row.code: row for row in units(reference).values()})


def unit_symbol(reference: Reference, code: str) -> str:
    """As people read it ("Sack" for XSA), in the language of the moment."""
    unit = unit_by_code(reference).get(code)
    return unit.symbol() if unit else code


def warehouses(reference: Reference) -> list[Warehouse]:
    """All, the closed ones too: the active first, the default first of these."""
    return reference.get(
        "warehouses", lambda: list(Warehouse.objects.order_by("-active", "-is_default", "pk"))
    )


def price_lists(reference: Reference) -> dict[int, PriceList]:
    return reference.get("price lists", lambda: {row.pk: row for row in PriceList.objects.all()})


def carriers(reference: Reference) -> dict[int, Carrier]:
    return reference.get("carriers", lambda: {row.pk: row for row in Carrier.objects.all()})


def terms(reference: Reference) -> dict[int, Terms]:
    return reference.get("terms", _terms)


def tax_codes(reference: Reference) -> dict[int, TaxCode]:
    """With their rates, prefetched."""
    return reference.get(
        "tax codes", lambda: {row.pk: row for row in TaxCode.objects.prefetch_related("rates")}
    )


def tax_rules(reference: Reference, side: str) -> list[Rule]:
    """The active rules of a side, of all tax classes."""
    return reference.get(("tax rules", side), lambda: all_rules(side))


def vat_schemes(reference: Reference) -> list[Dated]:
    return reference.get("vat schemes", all_schemes)


def _terms() -> dict[int, Terms]:
    parts: dict[int, list[PaymentTermInstalment]] = {}
    for part in PaymentTermInstalment.objects.order_by("position"):
        parts.setdefault(part.term_id, []).append(part)
    return {row.pk: Terms(row, parts.get(row.pk, [])) for row in PaymentTerm.objects.all()}
