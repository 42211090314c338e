"""A quantity credit with goods makes and posts the return that nobody has posted before (contract § 4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.inputs import DraftInput
from documents.kinds import Measure, Relation
from documents.models import Document, Link
from documents.selectors.cases import load_case
from documents.services import drafts
from documents.services.follow_up import FollowUp, Pick, draft_of
from documents.states import State
from inventory.needs import needs_of
from inventory.services.ledger import lock_balances
from sales.selectors import ComingBack, coming_back
from valeo.core.exceptions import NotPermitted, Refused, Violation
from workflow.services import checks, rules, steps
from workflow.services.work import Work

ZERO: Final = Decimal(0)


def take_goods_back(case: Case) -> None:
    """Effect of posting a credit: one return per delivery, posted before it, so that its number comes first.

    Raises ``NotPermitted`` where neither who posts nor who submitted the credit may post a return, and ``Refused``.
    """
    parts: dict[int, list[ComingBack]] = {}
    for part in coming_back(case):
        parts.setdefault(part.delivery.pk, []).append(part)
    drafted = []
    work: Work = case.facts["work"]
    for need in rules.lacks_to_post(case, work.actor):
        raise NotPermitted(need.scopes, str(need.text))
    for key in sorted(parts):
        delivery = parts[key][0].delivery
        drafted.append(_draft_return(case, delivery, parts[key]))
    # all at once, in the order of their ids (docs/concurrency.md): each posting would lock its own, one after another
    if len(drafted) > 1:
        lock_balances(case.company.pk, [need.key for made in drafted for need in needs_of(made)])
    for made in drafted:
        _post_return(case, made)
        link = Link.objects.create(
            company_id=case.company.pk, source_document=made.document, target_document=case.document,
            relation=Relation.CREATES, measure=Measure.NONE, quantity=ZERO,
        )  # fmt: skip
        case.links_in.append(link)
        case.sources[made.document.pk] = made.document


def _draft_return(case: Case, delivery: Document, parts: list[ComingBack]) -> Case:
    """The return in the work of the credit, on the very rows that the credit counts on."""
    work: Work = case.facts["work"]
    source = load_case(delivery.pk, company=case.company)
    made = drafts.create(case.company, work.actor, _draft(case, source, parts), work.today, work.journal)
    work.adopt(made)
    made.facts["chain"] = case.facts.get("chain", {})
    documents = {link.source_document_id for link in made.links_in}
    made.sources = {pk: case.sources.get(pk) or source.sources[pk] for pk in documents}
    lines = {line.pk: line for line in source.lines} | source.source_lines | case.source_lines
    made.source_lines = {pk: line for pk, line in lines.items() if line.document_id in documents}
    problems = checks.blocks(made) + checks.period_blocks(made)
    if problems:
        text = _("Return of %(number)s: %(problem)s")
        places = _places(made, parts)
        raise Refused(
            [
                Violation(
                    row.code, text % {"number": delivery, "problem": row.text}, row.field, places.get(row.line or 0)
                )
                for row in problems
            ]
        )  # fmt: skip
    return made


def _places(made: Case, parts: list[ComingBack]) -> dict[int, int]:
    """Position in the return → position in the credit, whose reader has only that one before him."""
    credited = {part.line.pk: part.credit_line.position for part in reversed(parts)}
    sources = {link.target_line_id: link.source_line_id for link in made.links_in if link.via_id is None}
    return {
        line.position: credited[key] for line in made.lines if (key := sources.get(line.pk) or 0) in credited
    }


def _post_return(case: Case, made: Case) -> None:
    work: Work = case.facts["work"]
    document = made.document
    document.submitted_by_id, document.submitted_at = work.actor.user_id, work.now
    document.submit()
    document.approve()
    steps.post(work, made, was=State.DRAFT, checked=True)
    work.notes[-1]["reason"] = _("Came back with a credit note.")


def _draft(case: Case, source: Case, parts: list[ComingBack]) -> DraftInput:
    quantities: dict[int, Decimal] = {}
    lots: dict[int, dict[str, Decimal]] = {}
    for part in parts:
        key = part.line.pk
        quantities[key] = quantities.get(key, ZERO) + part.quantity
        held = lots.setdefault(key, {})
        for lot, amount in part.lots or ():
            held[lot] = held.get(lot, ZERO) - amount
    wish = FollowUp(picks=tuple(Pick(key, quantity) for key, quantity in quantities.items()))
    data = draft_of(case.company, source.document.kind, [source], wish)
    return replace(
        data,
        lines=tuple(
            replace(line, lots=tuple(lots.get(line.links[0].source_line_id or 0, {}).items()))
            for line in data.lines
        ),
    )
