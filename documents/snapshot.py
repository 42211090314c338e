"""The canonical content of a document: what is frozen, hashed, printed and verified.

Pure: reads a ``Case`` in memory, asks nothing of the database. Decimals are plain strings without trailing zeros,
dates ISO 8601, so that the same content always gives the same bytes (and the same SHA-256).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from documents.case import Case
from documents.models import AllowanceCharge, Instalment, Line, Party, TaxGroup

SCHEMA: Final = 1
_DOCUMENT: Final = (
    "kind", "type_code", "number", "revision", "reason_kind", "language", "currency", "exchange_rate",
    "price_mode", "document_date", "supply_from", "supply_to", "valid_until", "terms_date", "posting_date",
    "non_binding", "buyer_reference", "partner_reference", "carrier", "incoterm", "header_text", "footer_text",
    "terms_text",
)  # fmt: skip
_PARTY: Final = (
    "name", "name_2", "contact", "phone", "email", "street", "street_2", "postal_code", "city", "region",
    "country", "vat_id", "tax_number", "number", "e_address", "e_scheme",
)  # fmt: skip
_LINE: Final = (
    "position", "line_kind", "article_number", "description", "detail", "quantity", "unit", "price_quantity",
    "price_unit", "price_base", "price", "stock_quantity", "stock_unit", "gross_amount", "net_amount",
    "discount_percent", "tax_category", "tax_rate", "supply_from", "supply_to", "free_reason",
)  # fmt: skip
_ALLOWANCE: Final = (
    "entry",
    "is_charge",
    "percent",
    "base",
    "amount",
    "reason_code",
    "reason",
    "tax_category",
    "tax_rate",
)
_GROUP: Final = ("category", "rate", "net", "tax", "gross", "exemption_code", "exemption_text")
_INSTALMENT: Final = (
    "position", "due", "share", "amount", "skonto_days", "skonto_until", "skonto_percent", "skonto_base",
)  # fmt: skip
_TOTALS: Final = {
    "lines": "line_total", "allowances": "allowance_total", "charges": "charge_total", "net": "net_total",
    "tax": "tax_total", "gross": "gross_total", "prepaid": "prepaid_total", "rounding": "rounding",
    "payable": "payable_total",
}  # fmt: skip


def plain(value: Any) -> Any:
    """A value as JSON carries it: decimals as plain strings, dates ISO, the rest as it is."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def money(value: Decimal) -> str:
    return format(value, ".2f")


def _pick(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def canonical_bytes(content: dict[str, Any]) -> bytes:
    """The one encoding that is hashed and archived: sorted keys, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes, hexadecimal."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def _party(party: Party) -> dict[str, Any]:
    return _pick(party, _PARTY)


def _allowance(row: AllowanceCharge) -> dict[str, Any]:
    return {
        **_pick(row, _ALLOWANCE),
        "amount": money(row.amount),
        "base": None if row.base is None else money(row.base),
    }


def _line(
    case: Case, line: Line, symbols: dict[str, str], allowances: list[AllowanceCharge]
) -> dict[str, Any]:
    origin = []
    for link in case.links_of(line):
        source = case.sources.get(link.source_document_id)
        source_line = case.source_lines.get(link.source_line_id or 0)
        if source is None:
            continue
        origin.append(
            {
                "kind": source.kind,
                "number": source.number,
                "date": plain(source.document_date),
                "supply": plain(source.supply_from),
                "position": source_line.position if source_line else None,
            }
        )
    return {
        **_pick(line, _LINE),
        "gross_amount": money(line.gross_amount),
        "net_amount": money(line.net_amount),
        "unit_symbol": symbols.get(line.unit, line.unit),
        "price_unit_symbol": symbols.get(line.price_unit, line.price_unit),
        "stock_unit_symbol": symbols.get(line.stock_unit, line.stock_unit),
        "allowances": [_allowance(row) for row in allowances],
        "lots": [
            {
                "lot": lot.lot,
                "stock_quantity": plain(lot.stock_quantity),
                "unit_symbol": symbols.get(line.stock_unit, line.stock_unit),
            }
            for lot in sorted(case.lots.get(line.pk, []), key=lambda lot: lot.lot)
        ],
        "origin": origin,
    }


def _group(group: TaxGroup) -> dict[str, Any]:
    return {
        **_pick(group, _GROUP),
        "net": money(group.net),
        "tax": money(group.tax),
        "gross": money(group.gross),
    }


def _instalment(row: Instalment) -> dict[str, Any]:
    return {
        **_pick(row, _INSTALMENT),
        "amount": money(row.amount),
        "skonto_base": None if row.skonto_base is None else money(row.skonto_base),
    }


def build_content(
    case: Case,
    *,
    symbols: dict[str, str],
    issuer: dict[str, Any],
    branding: dict[str, Any],
    references: list[dict[str, Any]],
    verify: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The snapshot of a case. ``symbols`` are the unit texts by code in the document's language.

    ``verify`` (public URL and code) is absent in the content that approvals are bound to.
    """
    by_line: dict[int | None, list[AllowanceCharge]] = {}
    for row in case.allowances:
        by_line.setdefault(row.line_id, []).append(row)
    document = case.document
    return {
        "schema": SCHEMA,
        "domain": case.type.domain,
        "family": str(case.type.family.value),
        "document": {
            **_pick(document, _DOCUMENT),
            "company_currency": case.company.currency,
            "uuid": str(document.uuid),
            "partner_number": _partner_number(case),
        },
        "parties": {role: _party(party) for role, party in sorted(case.parties.items())},
        "lines": [_line(case, line, symbols, by_line.get(line.pk, [])) for line in case.lines],
        "allowances": [_allowance(row) for row in by_line.get(None, [])],
        "tax_groups": [_group(group) for group in case.tax_groups],
        "instalments": [_instalment(row) for row in case.instalments],
        "totals": {
            **{key: money(getattr(document, column)) for key, column in _TOTALS.items()},
            "tax_company": money(document.tax_company),
        },
        "references": references,
        "issuer": issuer,
        "branding": branding,
        "papers": [paper.code for paper in case.type.papers if paper.leaves],
        **({"verify": verify} if verify else {}),
    }


def _partner_number(case: Case) -> str:
    role = "buyer" if case.type.side == "output" else "seller"
    party = case.parties.get(role)
    return party.number if party else ""
