"""From a stored document to what the editor's fields show."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from documents.case import Case
from documents.forms import choices, header, lots
from documents.forms.lines import FLAGS
from documents.inputs import LineInput
from documents.models import Line, Party
from documents.services import carry
from documents.services.compose.partying import EDITABLE
from masterdata.models import Article, Partner, PartnerAddress
from valeo.core import typed
from valeo.core.components import formats


def kept_lines(case: Case, *, amends: bool) -> dict[int, LineInput]:
    """The stored lines as input: those from a source keep their price, and all of them in an amendment."""
    return {
        line.pk: LineInput(id=line.pk, article_id=line.article_id)
        if line.price_source.get("source") != "carried" and not amends
        else carry.line_of(case, line, None, None, keep_id=True)
        for line in case.lines
    }


def header_of(
    case: Case, partner: Partner, bill_to: Partner, addresses: list[PartnerAddress]
) -> dict[str, Any]:
    document = case.document
    shown: dict[str, Any] = {name: typed.shown_day(getattr(document, name)) for name in header.DAYS}
    if not document.date_is_set:
        shown["document_date"] = ""
    shown |= {name: getattr(document, name, "") for name in header.TEXTS if name != "remark"}
    shown |= {
        "partner": number_of(partner, case.type.side),
        "partner_id": vouched(partner, case.type.side),
        "ship_to_address": _address(case, addresses),
        "payment_term": document.payment_term_id or "",
        "warehouse": document.warehouse_id or "",
        "branch": document.branch_id or "",
        "language": document.language,
        "price_mode": document.price_mode,
        "currency": document.currency,
        "exchange_rate": ""
        if document.currency == case.company.currency
        else typed.shown(document.exchange_rate),
        "non_binding": document.non_binding,
        "reason_kind": document.reason_kind,
        "version": document.version,
    }
    if bill_to.pk != (partner.bill_to_id or partner.pk):
        shown |= {
            "bill_to": number_of(bill_to, case.type.side),
            "bill_to_id": vouched(bill_to, case.type.side),
        }
    return shown


def number_of(partner: Partner, side: str) -> str:
    number = partner.customer_number if side == "output" else partner.supplier_number
    return number or partner.name


def vouched(partner: Partner, side: str) -> str:
    """The key with the number it stands for, see ``resolve``."""
    return f"{partner.pk}:{number_of(partner, side)}"


def _same_place(party: Party, address: PartnerAddress) -> bool:
    return (party.street, party.postal_code, party.city) == (
        address.street,
        address.postal_code,
        address.city,
    )


def _address(case: Case, addresses: list[PartnerAddress]) -> Any:
    """The chosen address, recognised by its place."""
    party = case.parties.get("ship_to")
    if party is None:
        return ""
    return next((row.pk for row in addresses if _same_place(party, row)), "")


def edited_parties(case: Case, addresses: list[PartnerAddress]) -> set[str]:
    """Roles whose party was typed on the document; a delivery address from the list is none."""
    edited = {role for role, party in case.parties.items() if party.is_edited}
    ship_to = case.parties.get("ship_to")
    if ship_to is None:
        return edited
    if any(_same_place(ship_to, row) for row in addresses) or _is_usual(case, ship_to, addresses):
        edited.discard("ship_to")
    return edited


def _is_usual(case: Case, ship_to: Party, addresses: list[PartnerAddress]) -> bool:
    """Whether it is the partner's own address, copied from one document to the next: nobody typed it."""
    buyer = case.parties.get("buyer")
    if (
        buyer is None
        or buyer.is_edited
        or any(row.kind == "delivery" and row.is_default for row in addresses)
    ):
        return False
    return all(getattr(ship_to, name) == getattr(buyer, name) for name in EDITABLE)


def lines_of(case: Case, *, amends: bool) -> list[dict[str, Any]]:
    keys = {line.article_id for line in case.lines if line.article_id}
    articles = Article.objects.in_bulk(list(keys)) if keys else {}
    symbols = choices.symbols()
    return [
        _line(case, line, articles.get(line.article_id or 0), symbols, amends=amends) for line in case.lines
    ]


def _line(
    case: Case, line: Line, article: Article | None, symbols: dict[Any, str], *, amends: bool
) -> dict[str, Any]:
    carried = amends or line.price_source.get("source") == "carried"
    unit, price = symbols.get(line.unit, line.unit), typed.shown(line.price, 2)
    found = line.found_price is not None and not line.price_source.get("manual", False)
    usual_unit = article is not None and symbols.get(article.sales_unit_id) == unit
    shown: dict[str, Any] = {
        "id": line.pk,
        "article": line.article_number,
        "article_id": f"{line.article_id}:{line.article_number}" if line.article_id else "",
        "description": line.description,
        "auto_description": article.name(case.document.language) if article and not carried else "",
        "line_kind": "" if line.article_id else line.line_kind,
        "detail": line.detail,
        "supply_from": typed.shown_day(line.supply_from),
        "supply_to": typed.shown_day(line.supply_to),
    }
    if not line.unit:
        return shown
    shown |= {
        "quantity": typed.shown(line.quantity),
        "unit": unit,
        "auto_unit": unit if carried or usual_unit else "",
        "price": price,
        "auto_price": price if carried or found else "",
        "discount_percent": typed.shown(line.discount_percent) if line.discount_percent else "",
        "discount_amount": _discount_amount(case, line),
        "tax_code": line.tax_code_id if line.tax_manual else "",
        "tax_label": formats.percent(line.tax_rate) if line.tax_category else "",
        "warehouse": _other_warehouse(case, line),
        "free_reason": line.free_reason,
        "account": line.account,
        "cost_center": line.cost_center,
        "lots": lots.shown((lot.lot, lot.stock_quantity) for lot in case.lots.get(line.pk, [])),
    }
    return shown | {name: getattr(line, name) for name in FLAGS} | _price_form(line, article, symbols)


def _other_warehouse(case: Case, line: Line) -> Any:
    return line.warehouse_id if line.warehouse_id and line.warehouse_id != case.document.warehouse_id else ""


def _price_form(line: Line, article: Article | None, symbols: dict[Any, str]) -> dict[str, str]:
    """Base and unit of the price where they are not those that saving would find: the list's, or the article's."""
    if article is None:
        return {}
    found = line.price_source if line.price_source.get("list") else {}
    usual = found.get("unit") or (line.price_unit if found else "")
    shown, base = {}, article.price_base
    if symbols.get(line.price_unit) != symbols.get(usual or article.price_unit_id):
        shown["price_unit"] = symbols.get(line.price_unit, line.price_unit)
    elif found:
        base = Decimal(found.get("base") or line.price_base)
    if line.price_base != base:
        shown["price_base"] = typed.shown(line.price_base)
    return shown


def _discount_amount(case: Case, line: Line) -> str:
    amounts = [row.amount for row in case.allowances if row.line_id == line.pk and row.percent is None]
    return typed.shown(sum(amounts, Decimal(0)), 2) if amounts else ""
