"""Makes a draft from other documents: proposes open quantities, carries prices, links every line to its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from documents import quantities, registry
from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput, LinkInput, PartyInput
from documents.kinds import WITHOUT_AMOUNT, LineKind, Measure, ReasonKind, Relation
from documents.models import AllowanceCharge, Document, Line
from documents.selectors.cases import load_cases
from documents.selectors.entries import Entry, carriers, carrying
from documents.selectors.lots import lots_left, returning
from documents.services import drafts, joining
from documents.services.compose import rating
from documents.services.compose.chosen import chosen_codes
from documents.services.compose.partying import EDITABLE
from documents.services.compose.taken import tax_of
from documents.spec import DocumentType, Source
from documents.states import State
from masterdata.rounding import MICRO, round_to
from valeo.core.exceptions import Refused, Violation
from valeo.core.rows import Read
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scope import current_company_id

ZERO: Final = Decimal(0)
_ON_DOCUMENTS: Final = Read(
    AllowanceCharge,
    """WHERE t.company_id = %(company)s AND t.document_id = ANY(%(documents)s) AND t.line_id IS NULL
         ORDER BY t.document_id, t.entry, t.id""",
)


@dataclass(frozen=True, slots=True)
class Pick:
    """A source line and how much of it, in its unit; ``replaces``: a return that is to be delivered again."""

    source_line_id: int
    quantity: Decimal
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source line with what is open of it."""

    line: Line
    document: Document
    open: Decimal


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a follow-up may be told beside its sources; empty values come from the first source."""

    picks: tuple[Pick, ...] = ()
    warehouse_id: int | None = None
    supply_from: date | None = None
    reason_kind: str = ""
    header: Mapping[str, Any] = field(default_factory=dict)


def proposals(kind: str, cases: Iterable[Case]) -> list[Proposal]:
    """The open quantity of the kind's measure per source line; finished lines are left out."""
    target = registry.get(kind)
    found = []
    for case in cases:
        source = _way(target, case.document)
        for line in _candidates(target, case, source):
            still_open = _open(line, source, case.type)
            if still_open > ZERO:
                found.append(Proposal(line, case.document, still_open))
    return found


def _candidates(target: DocumentType, case: Case, source: Source) -> list[Line]:
    """Of an order only services are invoiced: its goods are invoiced from their deliveries. Of a reversal nothing."""
    if case.reverses:
        return []
    if source.measure == Measure.INVOICED and not target.traits.moves_stock:
        return [line for line in case.lines if not quantities.is_delivered(line, case.type)]
    return list(case.lines)


def _way(target: DocumentType, document: Document) -> Source:
    source = target.source(document.kind)
    if source is None:
        raise Refused(
            Violation(
                "no-such-way",
                _("A %(target)s cannot be made from %(number)s.")
                % {"target": target.title, "number": str(document)},
            )
        )
    return source


def _open(line: Line, source: Source, source_type: DocumentType) -> Decimal:
    if line.line_kind in WITHOUT_AMOUNT:
        return ZERO
    if source.measure == Measure.NONE:
        return line.quantity
    return quantities.open_quantity(line, source.measure, source_type)


@transaction.atomic
def create_follow_up(
    *,
    company: Company,
    actor: Actor,
    kind: str,
    sources: Sequence[int],
    today: date,
    wish: FollowUp | None = None,
) -> Case:
    """A draft from the sources with all that is open, or with the picked quantities.

    Raises ``Refused`` where sources do not go together, are not in force, or nothing is open.
    """
    actor.require(*registry.get(kind).scopes.write)
    journal = Journal(actor)
    data = draft_of(
        company, kind, load_cases(list(dict.fromkeys(sources)), company=company), wish or FollowUp()
    )
    case = drafts.create(company, actor, data, today, journal)
    journal.flush()
    return case


def draft_of(company: Company, kind: str, cases: list[Case], wish: FollowUp) -> DraftInput:
    """The draft's input: what a follow-up of these sources says before anyone edits it."""
    target = registry.get(kind)
    _check_sources(target, cases)
    lines = joining.naming_buyers(cases, _lines(target, cases, wish))
    if not lines:
        raise Refused(Violation("nothing-open", _("Nothing is open that could be taken over.")))
    first = cases[0].document
    return DraftInput(
        kind=kind,
        partner_id=first.partner_id,
        bill_to_id=first.bill_to_id,
        branch_id=first.branch_id,
        language=first.language,
        currency=first.currency,
        **_rate(company, target, cases),
        price_mode=first.price_mode,
        payment_term_id=first.payment_term_id,
        warehouse_id=wish.warehouse_id or first.warehouse_id,
        supply_from=wish.supply_from,
        buyer_reference=first.buyer_reference,
        partner_reference=_common(cases, "partner_reference"),
        carrier=first.carrier,
        incoterm=first.incoterm,
        reason_kind=wish.reason_kind,
        lines=tuple(lines),
        allowances=tuple(_allowances(target, cases, lines)),
        parties=_parties(cases),
        **wish.header,
    )


def _rate(company: Company, target: DocumentType, cases: list[Case]) -> dict[str, Any]:
    """A typed rate goes on, and into what corrects its document any; the table's is found anew for the new day.

    One that was typed counts for all sources, whichever of them comes first. Raises ``Refused`` for two different ones.
    """
    source, document = _way(target, cases[0].document), cases[0].document
    if source.relation == Relation.CREATES and not source.negate:
        typed = rating.typed_among([case.document for case in cases], home=company.currency)
        if not typed:
            return {}
        document = typed[0]
    return {
        "exchange_rate": document.exchange_rate,
        "rate_date": document.rate_date,
        "rate_source": document.rate_source,
        "rate_typed": document.rate_typed,
    }


def _check_sources(target: DocumentType, cases: list[Case]) -> None:
    violations = []
    first = cases[0].document
    for case in cases:
        document = case.document
        source = _way(target, document)
        if document.state != State.POSTED:
            violations.append(
                Violation("source-state", _("%(number)s is not in force.") % {"number": str(document)})
            )
        if len(cases) > 1 and not source.many:
            violations.append(Violation("one-source", _("This kind is made from one document at a time.")))
        for name, label in (
            ("bill_to_id", _("invoice recipient")), ("partner_id", _("partner")), ("currency", _("currency")),
            ("price_mode", _("price mode")), ("payment_term_id", _("payment terms")), ("language", _("language")),
        ):  # fmt: skip
            if name == "partner_id" and target.traits.is_invoice:
                continue
            if getattr(document, name) != getattr(first, name):
                violations.append(_differ(first, document, label))
        if target.traits.moves_stock and case.destination != cases[0].destination:
            violations.append(_differ(first, document, _("delivery address")))
    if _way(target, first).relation == Relation.CREATES:  # what corrects takes the tax of each line
        violations += joining.tax_differences(target, cases)
    if violations:
        raise Refused(violations)


def _differ(one: Document, other: Document, what: str) -> Violation:
    text = _("%(one)s and %(other)s differ in: %(what)s.")
    return Violation("sources-differ", text % {"one": str(one), "other": str(other), "what": what})


def _lines(target: DocumentType, cases: list[Case], wish: FollowUp) -> list[LineInput]:
    picked = {pick.source_line_id: pick for pick in wish.picks}
    # the page offers the first source's warehouse: only another one was chosen, for all lines without one of their own
    elsewhere = wish.warehouse_id not in (None, cases[0].document.warehouse_id)
    lines = []
    for case in cases:
        source = _way(target, case.document)
        out = lots_left(line.pk for line in case.lines if line.lot_duty) if source.negate else {}
        for line in _candidates(target, case, source):
            pick = picked.get(line.pk)
            if picked and pick is None and line.line_kind not in WITHOUT_AMOUNT:
                continue
            if line.line_kind in WITHOUT_AMOUNT:
                if source.measure == Measure.ORDERED and not picked:
                    lines.append(_text_line(line))
                continue
            quantity = pick.quantity if pick else _open(line, source, case.type)
            if quantity != ZERO:
                made = line_from(
                    case,
                    line,
                    quantity,
                    source,
                    measure=Measure.NONE if wish.reason_kind == ReasonKind.PRICE else None,
                    negate=source.negate,
                    replaces=bool(pick and pick.replaces),
                    dated=target.traits.is_invoice,
                    out=out.get(line.pk),
                )
                usual = line.warehouse_id == case.document.warehouse_id
                lines.append(replace(made, warehouse_id=None) if elsewhere and usual else made)
    return lines


def _text_line(line: Line) -> LineInput:
    return LineInput(line_kind=LineKind(line.line_kind), description=line.description, detail=line.detail)


def line_from(
    case: Case, line: Line, quantity: Decimal, source: Source, *, negate: bool = False, replaces: bool = False,
    dated: bool = False, relation: Relation | None = None, measure: Measure | None = None,
    out: Mapping[str, Decimal] | None = None,
) -> LineInput:  # fmt: skip
    """The line as its source has it, with another quantity; ``dated`` carries the source's date of supply.

    ``out``: the lots of it that have not come back yet.
    """
    share = quantity / line.quantity if line.quantity else Decimal(1)
    sign = -1 if negate else 1
    supply = (line.supply_from or case.document.supply_from or case.document.document_date) if dated else None
    fed = source.measure if measure is None else measure
    return LineInput(
        line_kind=LineKind(line.line_kind),
        article_id=line.article_id,
        description=line.description,
        detail=line.detail,
        quantity=sign * quantity,
        unit=line.unit,
        price=line.price,
        price_unit=line.price_unit,
        price_base=line.price_base,
        price_quantity=sign * round_to(line.price_quantity * share, MICRO),
        discount_percent=line.discount_percent,
        discount_amount=_line_amount_discount(case, line, share),
        tax_code_id=line.tax_code_id if line.tax_manual else None,
        supply_from=supply,
        supply_to=(line.supply_to or case.document.supply_to) if dated else None,
        warehouse_id=line.warehouse_id,
        free_reason=line.free_reason,
        account=line.account,
        cost_center=line.cost_center,
        skonto_excluded=line.skonto_excluded,
        replaces=replaces,
        keeps_price=True,
        found_price=line.found_price,
        cost_price=line.cost_price,
        tolerance_percent=line.tolerance_percent,
        taken_tax=tax_of(line) if negate or source.relation == Relation.CORRECTS else None,
        lots=returning(line, quantity, out or {}) if negate else (),
        links=(
            LinkInput(
                case.document.pk,
                line.pk,
                fed,
                quantity,
                relation or Relation(source.relation),
                replaces=replaces,
            ),
        ),
        origins=frozenset(
            {
                case.document.pk,
                *(link.source_document_id for link in case.links_in if link.target_line_id == line.pk),
            }
        ),
    )


def _line_amount_discount(case: Case, line: Line, share: Decimal) -> Decimal:
    rows = [
        row for row in case.allowances if row.line_id == line.pk and row.percent is None and not row.is_charge
    ]
    return round_to(sum((row.amount for row in rows), ZERO) * abs(share), Decimal("0.01"))


def _common(cases: list[Case], name: str) -> str:
    values = {getattr(case.document, name) for case in cases}
    return str(values.pop()) if len(values) == 1 else ""


def _parties(cases: list[Case]) -> tuple[PartyInput, ...]:
    """Where the goods go is carried over, and every party that was edited on the first source."""
    first = cases[0]
    return tuple(
        PartyInput(role, {name: getattr(party, name) for name in EDITABLE})
        for role, party in first.parties.items()
        if party.is_edited or role == "ship_to"
    )


def _allowances(target: DocumentType, cases: list[Case], lines: list[LineInput]) -> list[AllowanceInput]:
    """Percents go with the lines of their document; an amount goes once, on the first order and the first invoice."""
    if not target.traits.has_prices:
        return []
    origins = {pk for line in lines for pk in line.origins}
    rows = _ON_DOCUMENTS(company=current_company_id(), documents=list(origins))
    if not rows:
        return []
    entries: dict[tuple[int, int], AllowanceCharge] = {}
    for row in rows:
        entries.setdefault((row.document_id, row.entry), row)
    chosen = chosen_codes(rows)
    by_id = {case.document.pk: case.document for case in cases}
    by_id |= {pk: document for case in cases for pk, document in case.sources.items()}
    ordering = target.traits.needs_delivery
    taken = _taken(target, origins) if any(row.percent is None for row in rows) else set()
    found = []
    for (document_id, entry), row in entries.items():
        document = by_id.get(document_id)
        if document is None or registry.get(document.kind).traits.has_validity != ordering:
            continue
        if not _is_own(row, document) or (
            row.percent is None and (not _carries(target, document) or (document_id, entry) in taken)
        ):
            continue
        joined = not ordering or row.percent is None  # a percentage of an order is of all its lines
        found.append(
            AllowanceInput(
                is_charge=row.is_charge, percent=row.percent, reason=row.reason, reason_code=row.reason_code,
                amount=None if row.percent is not None else row.stated_amount,
                tax_code_id=chosen.get((document_id, entry)),
                source_entry=entry if joined else None, source_document_id=document_id if joined else None,
            )
        )  # fmt: skip
    return found


def _is_own(row: AllowanceCharge, document: Document) -> bool:
    """Whether the document states it itself: an order what it took of a quotation, too, an invoice not."""
    return row.source_document_id is None or registry.get(document.kind).traits.needs_delivery


def _carries(target: DocumentType, source: Document) -> bool:
    """Whether amounts go along: on orders and invoices, and on a credit those that its invoice stated itself."""
    if target.ledger_sign < 0:
        return registry.get(source.kind).traits.is_invoice
    return target.traits.needs_delivery or target.traits.is_invoice


def _taken(target: DocumentType, document_ids: set[int]) -> set[Entry]:
    """The amounts that a document like the target carries already (a cancelled one gave them back)."""
    kinds = carriers(target) if target.ledger_sign >= 0 else [*carriers(target), target.code]
    rows = carrying(document_ids, kinds).exclude(document__state__in=[State.CANCELLED, State.REJECTED])
    return {(source, entry or 0) for source, entry in rows.values_list("source_document_id", "source_entry")}
