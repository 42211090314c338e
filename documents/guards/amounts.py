"""A freight or rebate that came from another document is on one order and one invoice only."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Relation
from documents.selectors.entries import carriers, carrying, everywhere
from documents.states import LIVE
from valeo.core.exceptions import Violation


def amounts_go_once(case: Case) -> Iterator[Violation]:
    """Follow-ups leave out what another carries; a rejected one that comes back has to look again."""
    mine = {
        (row.source_document_id or 0, row.source_entry): row.reason
        for row in case.allowances
        if row.line_id is None and row.percent is None and row.source_entry is not None
    }
    if not mine or case.type.ledger_sign < 0:
        return
    others = (
        carrying({document for document, _entry in mine}, carriers(case.type))
        .filter(document__state__in=LIVE)
        .exclude(document__in=[case.document.pk, *_corrected(case)])
        .select_related("document")
    )
    told = set()
    for row in others:
        key = (row.source_document_id or 0, row.source_entry or 0)
        if key in mine and key not in told:
            told.add(key)
            yield Violation(
                "amount-taken",
                _("“%(what)s” is on %(number)s already: take it off here.")
                % {"what": mine[key], "number": str(row.document)},
                "allowances",
            )


def taken_amounts_stay(case: Case) -> Iterator[Violation]:
    """An amendment leaves an amount as a follow-up carries it: a difference would be billed by nobody."""
    amends: Case | None = case.facts.get("amends")
    if amends is None:
        return
    before = _stated(amends)
    changed = {entry for entry, stated in _stated(case).items() if before.get(entry, stated) != stated}
    if not changed:
        return
    rows = carrying([case.document.pk], everywhere()).filter(
        source_entry__in=changed, document__state__in=LIVE
    )
    told = set()
    for row in rows.select_related("document").order_by("document", "pk"):
        if row.source_entry not in told:
            told.add(row.source_entry)
            yield Violation(
                "amount-carried",
                _(
                    "“%(what)s” is on %(number)s already and stays as it is. Enter a difference as a discount or charge of"
                    " its own."
                )
                % {"what": row.reason, "number": str(row.document)},
                "allowances",
            )


def _stated(case: Case) -> dict[int, tuple[bool, Decimal | None]]:
    """The amounts off and on the document, by entry."""
    return {
        row.entry: (row.is_charge, row.stated_amount)
        for row in case.allowances
        if row.line_id is None and row.percent is None
    }


def _corrected(case: Case) -> set[int]:
    """What is cancelled when this one is posted."""
    return {
        link.source_document_id
        for link in case.links_in
        if link.via_id is None and link.relation == Relation.CORRECTS
    }
