"""Opening items on posting and settling them with credits (contract § 3, Ledgers). Effects of ``DocumentType``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, Final

from django.utils import timezone

from documents import registry
from documents.case import Case
from documents.models import Document, Instalment
from documents.selectors.left import shares_of
from documents.selectors.shares import NOBODY
from masterdata.rounding import CENT, split_amount
from payments.kinds import SettlementKind, Side
from payments.models import OpenItem, Settlement
from payments.progress import payment_progress
from valeo.core import rows
from valeo.core.prepared import prepared

ZERO: Final = Decimal(0)
_INSERT: Final = rows.Insert(OpenItem)
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)

_SAVE: Final = """
UPDATE payments_openitem AS i SET open_amount = v.amount, open_company = v.company,
  settled_at = CASE WHEN v.amount = 0 THEN coalesce(i.settled_at, %s) END
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS v(id, amount, company) WHERE i.id = v.id
"""
_PROGRESS: Final = """
UPDATE documents_document AS d SET payment = v.payment
FROM unnest(%s::bigint[], %s::text[]) AS v(id, payment) WHERE d.id = v.id
"""


def open_for(case: Case) -> None:
    """Effect of posting an invoice or a credit: one item per instalment, signed by the kind's ledger sign.

    An item of the opposite direction is settled at once with what the documents that it corrects or cancels left
    open, the oldest due first and never below zero; what is more stays open. A credit of several invoices takes off
    each what its lines of that one come to, tax included. Runs in the mover's transaction after
    stock was moved; the documents up the chain are locked. Sets ``payment`` of the documents in memory and stored.
    """
    new = _new_items(case)
    others = _lock_opposite(case)
    settlements = _settle(case, new, others)
    if new:
        _INSERT(new)
    if settlements:
        for row in settlements:  # the new items have their keys only now
            row.item_id, row.counter_item_id = row.item.pk, row.counter_item.pk
        Settlement.objects.bulk_create(settlements)
        _save(others)
    _tell_documents(case, new, others)


def reduce_by(case: Case) -> None:
    """Effect of posting a credit note: opens its item below zero and settles the corrected invoice's with it."""
    open_for(case)


def _new_items(case: Case) -> list[OpenItem]:
    document, sign = case.document, case.type.ledger_sign
    payable = document.payable_total
    if not sign or not payable:
        return []
    parts = [row for row in case.instalments if row.amount]
    if not parts:  # no terms: all of it, at once
        parts = [Instalment(position=1, due=document.document_date, amount=payable)]
    direction = sign if payable > ZERO else -sign
    shares = [abs(row.amount) for row in parts]
    company = split_amount(abs(document.payable_company), shares)
    partner = _partner_of(case)
    now = timezone.now()
    items = []
    for row, amount, in_company in zip(parts, shares, company, strict=True):
        items.append(
            OpenItem(
                company_id=document.company_id,
                partner_id=partner,
                document=document,
                position=row.position,
                side=Side.CUSTOMER if case.type.side == "output" else Side.SUPPLIER,
                due=row.due,
                posting_date=document.posting_date or document.document_date,
                currency=document.currency,
                amount=direction * amount,
                amount_company=direction * in_company,
                open_amount=direction * amount,
                open_company=direction * in_company,
                skonto_until=row.skonto_until,
                skonto_percent=row.skonto_percent,
                skonto_base=row.skonto_base,
                created_at=now,
            )
        )
    return items


def _partner_of(case: Case) -> int:
    """Who owes or is owed: the recipient of the invoice, of an incoming one the payee."""
    if case.type.side == "output":
        return case.document.bill_to_id
    payee = case.parties.get("payee")
    return payee.partner_id if payee is not None and payee.partner_id else case.document.bill_to_id


def _opposite_sources(case: Case) -> list[Document]:
    """The invoices that a credit corrects or cancels, the credit that an invoice cancels."""
    direct = {link.source_document_id for link in case.links_in if link.via_id is None}
    found = []
    for pk in sorted(direct):
        source = case.sources.get(pk)
        if source is None:
            continue
        kind = registry.get(source.kind)
        if kind.traits.opens_items and kind.ledger_sign == -case.type.ledger_sign:
            found.append(source)
    return found


def _lock_opposite(case: Case) -> list[OpenItem]:
    sources = _opposite_sources(case)
    if not sources:
        return []
    rows = OpenItem.objects.filter(document__in=[source.pk for source in sources])
    return list(rows.order_by("pk").select_for_update(no_key=True))


def _settle(case: Case, new: Sequence[OpenItem], others: Iterable[OpenItem]) -> list[Settlement]:
    ordered = sorted(others, key=lambda item: (item.due, item.position, item.pk))
    concerned = {item.document_id or 0 for item in ordered}
    if len(concerned) < 2:
        return list(_pairs(case, new, ordered, None))
    shares = shares_of(case)
    settlements: list[Settlement] = []
    for document_id in dict.fromkeys(item.document_id or 0 for item in ordered):
        own = [item for item in ordered if item.document_id == document_id]
        settlements += _pairs(case, new, own, shares.get(document_id, ZERO))
    # lines that correct no invoice go against the oldest of them
    settlements += _pairs(case, new, ordered, shares.get(NOBODY, ZERO))
    return settlements


def _pairs(
    case: Case, new: Sequence[OpenItem], others: Iterable[OpenItem], most: Decimal | None
) -> Iterator[Settlement]:
    """Settlements of both sides' items in their order, together not above ``most`` (None: as much as there is)."""
    for other in others:
        for item in new:
            if item.currency != other.currency or item.partner_id != other.partner_id:
                continue
            if most is not None and most <= ZERO:
                return
            if item.open_amount * other.open_amount < ZERO:
                settlement = _join(case, item, other, most)
                most = None if most is None else most - settlement.amount
                yield settlement


def _join(case: Case, one: OpenItem, two: OpenItem, most: Decimal | None) -> Settlement:
    """Take as much off both as the smaller has open, and not above ``most``."""
    above, below = (one, two) if one.open_amount > ZERO else (two, one)
    amount = min(above.open_amount, -below.open_amount)
    amount = amount if most is None else min(amount, most)
    company, counter = take(above, amount), take(below, amount)
    document = case.document
    return Settlement(
        company_id=document.company_id,
        item=above,
        counter_item=below,
        kind=SettlementKind.CREDIT,
        amount=amount,
        amount_company=company,
        counter_company=counter,
        posting_date=document.posting_date or document.document_date,
        document=document,
        reason=case.reason[:300],
        created_by_id=case.actor.user_id if case.actor else None,
    )


def take(item: OpenItem, amount: Decimal) -> Decimal:
    """Take ``amount`` (above zero) off the item in memory; gives the part in company currency.

    The last part takes what is left, so that an item settled in its currency is settled in ours.
    """
    sign = 1 if item.open_amount > ZERO else -1
    if amount == abs(item.open_amount):
        company = abs(item.open_company)
    else:
        with localcontext(_EXACT):
            company = (abs(item.open_company) * amount / abs(item.open_amount)).quantize(CENT)
    item.open_amount -= sign * amount
    item.open_company -= sign * company
    if not item.open_amount:
        item.settled_at = timezone.now()
    return company


def _save(items: Sequence[OpenItem]) -> None:
    columns: list[list[Any]] = [
        [item.pk for item in items],
        [item.open_amount for item in items],
        [item.open_company for item in items],
    ]
    with prepared() as cursor:
        cursor.execute(_SAVE, [timezone.now(), *columns])


def _tell_documents(case: Case, new: Sequence[OpenItem], others: Iterable[OpenItem]) -> None:
    """Payment progress of this document and of those it settled; in memory too, since the mover goes on with them."""
    of_document: dict[int, list[OpenItem]] = {}
    for item in others:
        of_document.setdefault(item.document_id or 0, []).append(item)
    found = [(case.document, payment_progress(new))]
    found += [(case.sources[pk], payment_progress(rows)) for pk, rows in of_document.items()]
    changed = []
    for document, progress in found:
        if document.payment != progress:
            document.payment = progress
            changed.append(document)
    if changed:
        with prepared() as cursor:
            cursor.execute(_PROGRESS, [[row.pk for row in changed], [str(row.payment) for row in changed]])
