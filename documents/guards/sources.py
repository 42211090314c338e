"""A draft may be changed after it was made from others, but not into something that they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Measure, Relation
from documents.models import Document
from valeo.core.exceptions import Violation

ZERO: Final = Decimal(0)


def lines_keep_their_article(case: Case) -> Iterator[Violation]:
    """What a line takes of its source is counted there, so it is the same article (or free line) in a unit of it."""
    for line in case.amount_lines:
        for link in case.links_of(line):
            source = case.source_lines.get(link.source_line_id or 0)
            if source is None:
                continue
            free = line.article_id is None and source.article_id is None
            if source.article_id != line.article_id or (free and source.unit != line.unit):
                yield Violation(
                    "article-unlike-source",
                    _(
                        "Line %(line)s has another article or unit than in %(number)s. Delete it and enter a new line."
                    )
                    % {"line": line.position, "number": str(case.sources[source.document_id])},
                    "article",
                    line.position,
                )


def lines_keep_their_direction(case: Case) -> Iterator[Violation]:
    """What is taken counts as an amount without a sign, so goods move the way that is counted: only returns come back."""
    if not case.type.traits.allows_negative:
        return
    lines = {line.pk: line for line in case.amount_lines}
    for link in case.links_in:
        line = lines.get(link.target_line_id or 0)
        if line is None or link.via_id is not None or not link.measure:
            continue
        back = link.measure == Measure.RETURNED
        if line.quantity > ZERO if back else line.quantity < ZERO:
            text = (
                _("Line %(line)s takes goods back, so its quantity is below 0.")
                if back
                else _("Line %(line)s was taken from another document, so its quantity is above 0.")
            )
            yield Violation("line-direction", text % {"line": line.position}, "quantity", line.position)


def header_keeps_to_sources(case: Case) -> Iterator[Violation]:
    """Prices are taken over as they stand, so currency and price mode stay; and goods go to whom they were promised.

    The successor of a corrected invoice is free in this: a wrong recipient is what corrections are for.
    """
    document = case.document
    whole = case.type.ledger_sign < 0 or any(link.relation == Relation.CANCELS for link in case.links_in)
    sources = [case.sources[pk] for pk in _made_from(case) if pk in case.sources]
    for source in sources:
        names = [("currency", _("currency")), ("price_mode", _("price mode"))]
        if whole:
            names.append(("bill_to_id", _("invoice recipient")))
        elif not case.type.traits.is_invoice:
            names.append(("partner_id", _("partner")))
        # its invoice goes to whom it names; another partner's recipient is another anyway
        if case.type.traits.moves_stock and document.partner_id == source.partner_id:
            names.append(("bill_to_id", _("invoice recipient")))
        for name, label in names:
            if getattr(document, name) != getattr(source, name):
                yield _differs(source, name.removesuffix("_id"), label)
    known = {source.partner_id for source in sources}
    if sources and case.type.traits.is_invoice and document.partner_id not in known:
        yield _differs(sources[0], "partner", _("partner"))


def _made_from(case: Case) -> list[int]:
    """The documents that it directly was made from; of a credit, what it credits."""
    relations = {Relation.CREATES, Relation.CANCELS}
    if case.type.ledger_sign < 0:
        relations.add(Relation.CORRECTS)
    return sorted(
        {
            link.source_document_id
            for link in case.links_in
            if link.via_id is None and link.relation in relations
        }
    )


def _differs(source: Document, field: str, label: str) -> Violation:
    text = _("It was made from %(number)s and differs from it in: %(what)s.")
    return Violation("differs-from-source", text % {"number": str(source), "what": label}, field)


SOURCES = (lines_keep_their_article, lines_keep_their_direction, header_keeps_to_sources)
