"""Carries a whole document over into a new draft: a reversal, a storno, a corrected successor, a copy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput, LinkInput, PartyInput
from documents.kinds import LineKind, Measure, Relation
from documents.models import AllowanceCharge, Line
from documents.services.compose.chosen import chosen_code, groups_of
from documents.services.compose.partying import EDITABLE
from documents.services.compose.taken import tax_of


def carried(case: Case, *, kind: str, relation: Relation | None, measure: Measure | None) -> DraftInput:
    """Everything as it stands on the document.

    ``measure`` None keeps the document's own links (a successor takes its place on the same sources); otherwise each
    line is linked to the document's own line with this measure. What cancels it has its taxes and recipient as well.
    """
    document = case.document
    # the VAT ID on which an exemption stands may have gone since
    kept = {"ship_to", "buyer", "bill_to"} if relation == Relation.CANCELS else {"ship_to"}
    return DraftInput(
        kind=kind, partner_id=document.partner_id, bill_to_id=document.bill_to_id, branch_id=document.branch_id,
        language=document.language, currency=document.currency, exchange_rate=document.exchange_rate,
        rate_date=document.rate_date, rate_source=document.rate_source, price_mode=document.price_mode,
        payment_term_id=document.payment_term_id, warehouse_id=document.warehouse_id,
        supply_from=document.supply_from, supply_to=document.supply_to, buyer_reference=document.buyer_reference,
        partner_reference=document.partner_reference, carrier=document.carrier, incoterm=document.incoterm,
        header_text=document.header_text, footer_text=document.footer_text,
        lines=tuple(line_of(case, line, relation, measure) for line in case.lines),
        allowances=allowances_of(case, cancels=relation == Relation.CANCELS),
        parties=tuple(
            PartyInput(role, {name: getattr(party, name) for name in EDITABLE}) for role, party in case.parties.items()
            if party.is_edited or role in kept
        ),
    )  # fmt: skip


def line_of(
    case: Case,
    line: Line,
    relation: Relation | None,
    measure: Measure | None,
    *,
    sign: int = 1,
    keep_id: bool = False,
) -> LineInput:
    """A stored line as input, with its price as it is."""
    amounts = [row.amount for row in case.allowances if row.line_id == line.pk and row.percent is None]
    return LineInput(
        id=line.pk if keep_id else None, line_kind=LineKind(line.line_kind), article_id=line.article_id,
        description=line.description, detail=line.detail, quantity=sign * line.quantity, unit=line.unit or None,
        price=line.price, price_unit=line.price_unit or None, price_base=line.price_base,
        price_quantity=sign * line.price_quantity, discount_percent=line.discount_percent,
        discount_amount=sum(amounts, Decimal(0)), tax_code_id=line.tax_code_id if line.tax_manual else None,
        supply_from=line.supply_from, supply_to=line.supply_to, warehouse_id=line.warehouse_id,
        free_reason=line.free_reason, account=line.account, cost_center=line.cost_center,
        skonto_excluded=line.skonto_excluded, keeps_price=True, found_price=line.found_price,
        cost_price=line.cost_price, tolerance_percent=line.tolerance_percent, replaces=line.replaces,
        reopens=line.reopens, with_goods=line.with_goods,
        lots=tuple((lot.lot, sign * lot.stock_quantity) for lot in case.lots.get(line.pk, [])),
        links=() if keep_id else _links(case, line, relation, measure), origins=_origins(case, line),
        taken_tax=tax_of(line) if relation == Relation.CANCELS else None,
    )  # fmt: skip


def _links(
    case: Case, line: Line, relation: Relation | None, measure: Measure | None
) -> tuple[LinkInput, ...]:
    if relation is None:
        return ()
    if measure is not None:
        return (LinkInput(case.document.pk, line.pk, measure, abs(line.quantity), relation),)
    return tuple(
        LinkInput(
            link.source_document_id,
            link.source_line_id,
            Measure(link.measure),
            link.quantity,
            relation,
            link.counts,
            link.replaces,
        )
        for link in case.links_of(line)
    )


def _origins(case: Case, line: Line) -> frozenset[int]:
    return frozenset(link.source_document_id for link in case.links_in if link.target_line_id == line.pk)


def allowances_of(case: Case, *, cancels: bool = False) -> tuple[AllowanceInput, ...]:
    """The entries behind the document's allowance rows, each once.

    For what ``cancels`` the document, an entry of one VAT group stays in it: a tax code of its own may stand behind it.
    """
    rows: dict[int, list[AllowanceCharge]] = {}
    for row in case.allowances:
        if row.line_id is None:
            rows.setdefault(row.entry, []).append(row)
    seen: dict[int, AllowanceInput] = {}
    groups = groups_of(case.amount_lines)
    for entry, found in rows.items():
        row = found[0]
        seen[entry] = AllowanceInput(
            is_charge=row.is_charge, percent=row.percent,
            amount=None if row.percent is not None else (row.stated_amount if row.stated_amount is not None else row.amount),
            reason=row.reason, reason_code=row.reason_code, source_entry=row.source_entry,
            source_document_id=row.source_document_id,
            tax_code_id=None if cancels else chosen_code(found, groups),
            taken_tax=tax_of(row) if cancels and len(found) == 1 else None, entry=entry,
        )  # fmt: skip
    return tuple(seen[entry] for entry in sorted(seen))


def reversed_draft(case: Case) -> DraftInput:
    """The same kind with the negated lines; it cancels, so it feeds no measure."""
    data = carried(case, kind=case.document.kind, relation=Relation.CANCELS, measure=Measure.NONE)
    lines = tuple(line_of(case, line, Relation.CANCELS, Measure.NONE, sign=-1) for line in case.lines)
    return replace(data, lines=lines, supply_from=None, supply_to=None)
