"""What becomes of a quotation: accepted or declined; an order posted from it accepts it by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.kinds import Outcome
from valeo.core.exceptions import Conflict, Refused, Violation
from workflow.services.cancel import live_successors
from workflow.services.work import Work

_OFFERED: Final = (
    "partner_id", "currency", "price_mode", "net_total", "gross_total", "terms_text", "incoterm", "supply_from",
    "supply_to", "non_binding",
)  # fmt: skip
_OFFERED_LINE: Final = (
    "article_id", "description", "quantity", "unit", "price", "price_unit", "price_base", "net_amount", "tax_code_id",
    "supply_from", "supply_to",
)  # fmt: skip


def _check(case: Case, wanted: Outcome) -> None:
    """The customer may change his mind; the same answer twice is the second press of one button."""
    if not case.type.traits.has_validity:
        raise Refused(Violation("no-outcome", _("Only a quotation is accepted or declined.")))
    if case.document.outcome == wanted:
        raise Conflict(
            _("%(number)s is “%(outcome)s” already.")
            % {"number": str(case.document), "outcome": wanted.label},
            code="wrong-state",
        )


def accept(work: Work, case: Case) -> None:
    _check(case, Outcome.ACCEPTED)
    _set(work, case, Outcome.ACCEPTED, "accept", "")


def decline(work: Work, case: Case, reason: str) -> None:
    _check(case, Outcome.DECLINED)
    found = live_successors(case.document)
    if found:
        raise Refused(
            [
                Violation(
                    "already-ordered",
                    _("%(number)s was made from it. Cancel that first.") % {"number": str(order)},
                )
                for order in found
            ]
        )
    _set(work, case, Outcome.DECLINED, "decline", reason)


def _set(work: Work, case: Case, outcome: Outcome, action: str, reason: str) -> None:
    document = case.document
    document.outcome, document.outcome_reason = outcome, reason[:500]
    work.change(document)
    work.note(
        document, action, from_state=str(document.state), to_state=str(document.state), reason=reason,
        outcome=str(outcome),
    )  # fmt: skip


def ask_anew(case: Case) -> None:
    """Effect of amending a quotation: the customer's answer was to other goods, prices or terms.

    What he ordered in the meantime he accepted; changed notes or a longer validity ask nobody.
    """
    before: Case = case.facts["amends"]
    document = case.document
    if not document.outcome or _offered(case) == _offered(before) or live_successors(document):
        return
    document.outcome, document.outcome_reason = Outcome.NONE, ""
    work: Work = case.facts["work"]
    work.note(document, "ask-anew", from_state=str(document.state), to_state=str(document.state))


def _offered(case: Case) -> tuple[object, ...]:
    lines = Counter(tuple(getattr(line, name) for name in _OFFERED_LINE) for line in case.amount_lines)
    return (lines, *(getattr(case.document, name) for name in _OFFERED))


def accept_sources(case: Case) -> None:
    """Effect of posting an order: the quotations it was made from are accepted."""
    for source in case.sources.values():
        if registry.get(source.kind).traits.has_validity and source.outcome != Outcome.ACCEPTED:
            _set(case.facts["work"], replace(case, document=source), Outcome.ACCEPTED, "accept", "")
