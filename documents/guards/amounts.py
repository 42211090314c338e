"""A freight or rebate that came from another document is on one order and one invoice only."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Relation
from documents.selectors.entries import carriers, carrying
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


def _corrected(case: Case) -> set[int]:
    """What is cancelled when this one is posted."""
    return {
        link.source_document_id
        for link in case.links_in
        if link.via_id is None and link.relation == Relation.CORRECTS
    }
