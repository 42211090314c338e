"""A one-step correction as one thing to decide: the storno and the successor, and what the successor changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Relation
from documents.models import Document, Line, Link
from documents.services.compose.partying import EDITABLE
from documents.services.content import decision_content
from valeo.core.components import formats
from workflow.selectors import differing
from workflow.selectors.differing import Changed

_PAIR: Final = (Relation.SETTLES, Relation.CORRECTS)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is corrected, what takes it back and what takes its place; both new papers wait."""

    original: Document
    storno: Document
    successor: Document

    @property
    def difference(self) -> Decimal:
        """What the customer owes more, or less, once both are posted."""
        return self.successor.gross_total - self.storno.gross_total


@dataclass(frozen=True, slots=True)
class About:
    """What waiting documents are about: corrections by the successor's id, cancelled vouchers by the canceller's."""

    corrections: dict[int, Correction]
    cancelled: dict[int, Document]


def about(documents: Iterable[Document]) -> About:
    """What these documents correct or cancel; one query. A correction is whole where both halves are among them."""
    by_id = {document.pk: document for document in documents}
    rows = (
        Link.objects.filter(
            Q(relation__in=_PAIR, source_line__isnull=True) | Q(relation=Relation.CANCELS, via__isnull=True),
            target_document__in=by_id,
        )
        .order_by("target_document_id", "relation", "pk")
        .distinct("target_document_id", "relation")
        .select_related("source_document")
    )
    found: dict[tuple[int, str], Document] = {
        (row.target_document_id, row.relation): row.source_document for row in rows
    }
    corrections = {}
    for pk, document in by_id.items():
        storno, original = found.get((pk, Relation.SETTLES)), found.get((pk, Relation.CORRECTS))
        if storno is not None and original is not None and storno.pk in by_id:
            corrections[pk] = Correction(original, by_id[storno.pk], document)
    cancelled = {
        target: source for (target, relation), source in found.items() if relation == Relation.CANCELS
    }
    return About(corrections, cancelled)


def changed(original: Case, successor: Case) -> list[Changed]:
    """What the successor has unlike the corrected voucher: line by line, then its discounts, head and addresses."""
    return [
        *differing.of_lines(original, successor, pairs(original, successor)),
        *differing.of_entries(original, successor),
        *differing.of_head(original, successor),
    ]


def differs_otherwise(original: Case, successor: Case, told: list[Changed]) -> bool:
    """Whether their contents differ in what ``told`` does not name; numbers, days and references have to differ."""
    if not told:
        return _bare(original) != _bare(successor)
    order = [old.position for old, new in pairs(original, successor) if old is not None and new is not None]
    return order != sorted(order) or _rest(original) != _rest(successor)


def _bare(case: Case) -> dict[str, Any]:
    """The content that is decided on, without what differs between two vouchers of the same content."""
    content = decision_content(case)
    content["document"].pop("uuid")
    for line in content["lines"]:
        line.pop("origin")
    for instalment in content["instalments"]:
        instalment.pop("skonto_days")  # of terms to the end of a month they hang on the day
    return content


def _rest(case: Case) -> dict[str, Any]:
    """The same without the facts that ``changed`` names, and without what follows from them."""
    content = _bare(case)
    for name in ("lines", "allowances", "tax_groups", "instalments", "totals"):
        content.pop(name)
    for name in (*differing.PLAIN, "exchange_rate", "terms_text"):
        content["document"].pop(name, None)
    for role in differing.PRINTED:
        for name in EDITABLE:
            content["parties"].get(role, {}).pop(name, None)
    return content


def totals(original: Case, successor: Case) -> list[Changed]:
    """Net, VAT and gross of both."""
    old, new = original.document, successor.document
    named = ((_("Net"), "net_total"), (_("VAT"), "tax_total"), (_("Gross"), "gross_total"))
    return [
        Changed(
            label, formats.money(getattr(old, name), old.currency), formats.money(getattr(new, name), new.currency),
            figure=True,
        )
        for label, name in named
    ]  # fmt: skip


def pairs(original: Case, successor: Case) -> list[tuple[Line | None, Line | None]]:
    """Lines of both that are the same one: made from the same line, else the same article or text, else in its place.

    In the successor's order; what has gone comes last.
    """
    left = list(original.lines)
    found: dict[int, Line] = {}
    for same in (_same_source(original, successor), _same_name, _same_place):
        for line in successor.lines:
            if line.pk in found:
                continue
            match = next((old for old in left if same(old, line)), None)
            if match is not None:
                found[line.pk] = match
                left.remove(match)
    return [*((found.get(line.pk), line) for line in successor.lines), *((line, None) for line in left)]


def _same_source(original: Case, successor: Case) -> Callable[[Line, Line], bool]:
    def made_of(case: Case) -> dict[int, frozenset[Any]]:
        return {
            line.pk: frozenset(link.source_line_id for link in case.links_of(line)) for line in case.lines
        }

    before, after = made_of(original), made_of(successor)
    return lambda old, new: bool(before[old.pk]) and before[old.pk] == after[new.pk]


def _same_name(old: Line, new: Line) -> bool:
    if old.article_id or new.article_id:
        return old.article_id == new.article_id
    return (old.line_kind, old.description) == (new.line_kind, new.description)


def _same_place(old: Line, new: Line) -> bool:
    return old.position == new.position and bool(old.article_id) == bool(new.article_id)
