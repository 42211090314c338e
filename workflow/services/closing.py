"""Closing the rest of a commitment with a reason, and opening it again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from documents import quantities
from documents.case import Case
from documents.findings import ExceptionFound, covered
from documents.kinds import WITHOUT_AMOUNT
from documents.models import Line
from documents.services import progress
from masterdata.selectors.reference import unit_symbol
from valeo.core.components import formats
from valeo.core.exceptions import Refused, Violation
from workflow.services import checks
from workflow.services.work import Work

ZERO = Decimal(0)


def open_rest(case: Case, line: Line) -> Decimal:
    """What of a line is neither delivered nor invoiced nor ordered yet."""
    if line.line_kind in WITHOUT_AMOUNT:
        return ZERO
    if quantities.is_delivered(line, case.type):
        return quantities.to_deliver(line)
    taken = max(line.invoiced - line.credited, line.ordered, line.received, line.billed)
    return max(ZERO, line.quantity - line.closed - taken)


def close(work: Work, case: Case, reason: str, line_quantities: Mapping[int, Decimal]) -> None:
    """The open quantity of the document, or of the named lines, counts as closed; the reservation is released."""
    wanted = {
        line.pk: line_quantities.get(line.pk)
        for line in case.lines
        if not line_quantities or line.pk in line_quantities
    }
    changed, problems = [], []
    for line in case.lines:
        if line.pk not in wanted:
            continue
        rest = open_rest(case, line)
        quantity = wanted[line.pk]
        if quantity is None:
            quantity = rest
        if quantity < ZERO or quantity > rest:
            problems.append(
                Violation(
                    "close-above-open",
                    _("Only %(open)s of line %(position)s are open.")
                    % {
                        "open": f"{formats.quantity(rest)} {unit_symbol(case.reference, line.unit)}",
                        "position": line.position,
                    },
                    line=line.position,
                )
            )
        elif quantity > ZERO:
            line.closed += quantity
            line.closed_reason = reason[:200]
            changed.append(line)
    if problems:
        raise Refused(problems)
    if not changed:
        raise Refused(Violation("nothing-open", _("Nothing is open that could be closed.")))
    _save(work, case, changed, "close", reason)


def unclose(work: Work, case: Case) -> None:
    """What was closed is open again, and reserved again; refused where a person would have to decide on it."""
    changed = [line for line in case.lines if line.closed]
    if not changed:
        raise Refused(Violation("nothing-closed", _("Nothing was closed.")))
    before = {row.key: row.figure for row in checks.exceptions(case)} | checks.accepted(case.document)
    rests = {line.pk: open_rest(case, line) for line in changed}
    for line in changed:
        line.closed, line.closed_reason = ZERO, ""
    opened = case.apart()
    opened.facts = {
        "work": work, "opens": {line.pk: open_rest(case, line) - rests[line.pk] for line in changed}
    }  # fmt: skip
    _refuse_beyond(before, checks.exceptions(opened))
    _save(work, case, changed, "unclose", "")


def _refuse_beyond(before: Mapping[str, Decimal | None], found: list[ExceptionFound]) -> None:
    """Nobody decides on opening a rest, so what asks for a person goes the way of a new document."""
    text = _("%(text)s Order the rest anew, then it can be approved.")
    problems = [
        Violation(f"not-accepted:{row.code}", text % {"text": row.text}, line=row.line)
        for row in found
        if not covered(row.key, row.figure, before)
    ]
    if problems:
        raise Refused(problems)


def _save(work: Work, case: Case, changed: list[Line], action: str, reason: str) -> None:
    document = case.document
    progress.save(changed)
    progress.refresh([document], {document.pk: case.lines})
    for effect in case.type.on_close:
        effect(case)
    work.change(document)
    work.note(
        document, action, from_state=str(document.state), to_state=str(document.state), reason=reason,
        lines={str(line.position): str(line.closed) for line in changed},
    )  # fmt: skip
