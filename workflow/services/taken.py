"""What successors took of a commitment stays through an amendment (contract § 4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import WITHOUT_AMOUNT
from documents.models import Document, Line, Link
from documents.states import FROZEN, LIVE, State
from valeo.core.exceptions import Violation
from workflow.services.cancel import live_successors

ZERO: Final = Decimal(0)
NAMED: Final = 3  # successors that a refusal names


def of_head(case: Case, changed: Case) -> list[Violation]:
    """What successors took over stays while they live; terms, language and places are theirs already."""
    names = {
        "partner_id": _("partner"), "bill_to_id": _("invoice recipient"), "currency": _("currency"),
        "price_mode": _("price mode"),
    }  # fmt: skip
    different = [name for name in names if getattr(case.document, name) != getattr(changed.document, name)]
    found = live_successors(case.document) if different else []
    if not found:
        return []
    return [
        Violation(
            "head-taken",
            _("%(numbers)s was made from it: %(what)s stays as it is.")
            % {"numbers": _named(found), "what": names[name]},
            name.removesuffix("_id"),
        )
        for name in different
    ]


def of_lines(old: dict[int, Line], changed: Case) -> list[Violation]:
    """A line with successors is never removed nor reduced below what they took."""
    now = {line.pk: line for line in changed.lines}
    linked = _linked(pk for pk, before in old.items() if pk not in now or _is_other(before, now[pk]))
    problems: list[Violation | None] = []
    for pk, before in old.items():
        if before.line_kind in WITHOUT_AMOUNT:
            continue
        taken = _taken(before)
        after = now.get(pk)
        if after is None:
            problems.append(_removed(before, taken, linked.get(pk, [])))
        else:
            problems.append(_kept(before, after, taken, linked.get(pk, [])))
    return [problem for problem in problems if problem is not None]


def _taken(line: Line) -> Decimal:
    found = max(
        line.delivered - line.replaced, line.ordered, line.received, line.invoiced - line.credited,
    )  # fmt: skip
    return found + line.closed


def _removed(line: Line, taken: Decimal, documents: list[Document]) -> Violation | None:
    """Drafts and cancelled documents took nothing, but their lines say where they came from as long as they are there."""
    if taken > ZERO:
        return Violation(
            "line-taken",
            _("Line %(line)s has successors and cannot be removed.") % {"line": line.position},
        )
    if not documents:
        return None
    standing = [document for document in documents if document.state in FROZEN]
    if standing:
        text = _("Line %(line)s was in %(numbers)s and cannot be removed. Close its remainder instead.")
    else:
        text = _("Line %(line)s is in %(numbers)s. Delete it there first, or close its remainder instead.")
    return Violation("line-linked", text % {"line": line.position, "numbers": _named(standing or documents)})


def _is_other(before: Line, after: Line) -> bool:
    return after.article_id != before.article_id or after.unit != before.unit


def _kept(before: Line, after: Line, taken: Decimal, documents: list[Document]) -> Violation | None:
    """Whatever stands on the line is measured in its unit, drafts and what came back for replacement as well."""
    standing = [document for document in documents if document.state != State.CANCELLED]
    other = _is_other(before, after)
    if other and (taken > ZERO or any(document.state in LIVE for document in standing)):
        return Violation(
            "line-taken", _("Article and unit of a line with successors stay."), "article", after.position
        )
    if other and standing:
        return Violation(
            "line-linked",
            _("Line %(line)s is in %(numbers)s: article and unit stay. Delete it there first.")
            % {"line": before.position, "numbers": _named(standing)},
            "article",
            after.position,
        )
    # what went beyond the quantity within the tolerance asks for no more
    if after.quantity < min(taken, before.quantity):
        return Violation(
            "below-taken",
            _("%(taken)s %(unit)s are taken already; the quantity cannot be less.")
            % {"taken": f"{taken.normalize():f}", "unit": before.unit},
            "quantity",
            after.position,
        )
    return None


def _linked(line_ids: Iterable[int]) -> dict[int, list[Document]]:
    """The documents that name these lines as their source, whatever became of them."""
    ids = list(line_ids)
    if not ids:
        return {}
    found: dict[int, dict[int, Document]] = {}
    for link in Link.objects.filter(source_line__in=ids).select_related("target_document").order_by("pk"):
        found.setdefault(link.source_line_id or 0, {})[link.target_document_id] = link.target_document
    return {pk: list(documents.values()) for pk, documents in found.items()}


def _named(documents: list[Document]) -> str:
    return ", ".join(str(row) for row in documents[:NAMED]) + (" …" if len(documents) > NAMED else "")
