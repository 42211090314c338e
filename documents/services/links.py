"""Links between lines: made when a draft is made from sources, kept in step with the line's quantity."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from documents import quantities, registry
from documents.case import Case
from documents.claims import claims_now
from documents.inputs import DraftInput, LinkInput
from documents.kinds import Measure
from documents.models import Line, Link
from masterdata.rounding import MICRO, round_to
from valeo.core import rows
from valeo.tenancy.scope import current_company_id

ZERO: Final = Decimal(0)
ODD: Final = 10 * MICRO  # what several quantities of another unit, each rounded, may be away from the whole
_INSERT: Final = rows.Insert(Link)
_UPWARD: Final = rows.Read(
    Link,
    """JOIN documents_document d ON d.id = t.source_document_id
       JOIN documents_line s ON s.id = t.target_line_id
       WHERE t.company_id = %(company)s AND t.target_line_id = ANY(%(lines)s) AND t.measure <> '' ORDER BY t.id""",
    extra="d.kind, s.quantity",
)
__all__ = ["create", "in_source_unit", "keep_in_step"]


def in_source_unit(line: Line, source: Line) -> Decimal:
    """The line's quantity, always positive, in the source line's unit, 6 decimals."""
    if line.unit == source.unit:
        return abs(line.quantity)
    return round_to(abs(line.quantity) * line.stock_factor / source.stock_factor, MICRO)


def create(case: Case, data: DraftInput, new_lines: dict[int, Line]) -> list[Link]:
    """The direct links of new lines and those that pass through to the lines further up; unsaved.

    ``new_lines`` by position. The sources' own links are read in one query.
    """
    wanted = [
        (new_lines[position], given)
        for position, line in enumerate(data.lines, start=1)
        if position in new_lines
        for given in line.links
    ]
    direct = [_link(case, given, line) for line, given in wanted]
    direct += [_link(case, given, None) for given in data.document_links]
    upward = _upward({link.source_line_id for link in direct if link.source_line_id})
    passed = [
        _pass(case, link, up, quantity)
        for link in direct
        for up, kind, quantity in upward.get(link.source_line_id or 0, [])
        if _tracks(kind, link.measure)
    ]
    _INSERT(direct + passed)
    return direct + passed


def _link(case: Case, given: LinkInput, line: Line | None) -> Link:
    return Link(
        company_id=case.company.pk, source_document_id=given.source_document_id, source_line_id=given.source_line_id,
        target_document=case.document, target_line=line, relation=given.relation, measure=given.measure,
        quantity=given.quantity, counts=given.counts, replaces=given.replaces,
    )  # fmt: skip


def _upward(line_ids: Iterable[int]) -> dict[int, list[tuple[Link, str, Decimal]]]:
    """The links into these lines, each with the kind of its source and the quantity of the line it goes into."""
    found: dict[int, list[tuple[Link, str, Decimal]]] = {}
    ids = sorted(set(line_ids))
    if ids:
        for link, (kind, quantity) in _UPWARD.with_extra(company=current_company_id(), lines=ids):
            found.setdefault(link.target_line_id or 0, []).append((link, kind, quantity))
    return found


def _tracks(kind: str, measure: str) -> bool:
    return Measure(measure) in registry.get(kind).tracks if measure else False


def _pass(case: Case, link: Link, up: Link, step: Decimal) -> Link:
    share = link.quantity * up.quantity / abs(step) if step else link.quantity
    line = link.target_line
    counts = link.counts
    if link.measure == Measure.CREDITED and line is not None:
        counts = line.with_goods or line.reopens
    return Link(
        company_id=case.company.pk, source_document_id=up.source_document_id, source_line_id=up.source_line_id,
        target_document=case.document, target_line=line, via=up, relation=link.relation, measure=link.measure,
        quantity=round_to(share, MICRO), counts=counts, replaces=link.replaces,
    )  # fmt: skip


def keep_in_step(case: Case) -> list[Link]:
    """After an edit the links take what their line says now; pass-through links keep their share of its quantity."""
    lines = {line.pk: line for line in case.lines}
    changed = []
    factors: dict[int, Decimal] = {}
    for link in case.links_in:
        line, source = lines.get(link.target_line_id or 0), case.source_lines.get(link.source_line_id or 0)
        if line is None or source is None or link.via_id is not None or not link.measure:
            continue
        before = (link.quantity, link.replaces)
        quantity = _taken(case, link, line, source)
        if quantity != link.quantity:
            factors[line.pk] = quantity / link.quantity if link.quantity else Decimal(1)
            link.quantity = quantity
        _take_replaces(link, line)
        if before != (link.quantity, link.replaces):
            changed.append(link)
    for link in case.links_in:
        line = lines.get(link.target_line_id or 0)
        if link.via_id is None or line is None:
            continue
        was = (link.quantity, link.counts, link.replaces)
        link.quantity = round_to(link.quantity * factors.get(line.pk, Decimal(1)), MICRO)
        if link.measure == Measure.CREDITED:
            link.counts = line.with_goods or line.reopens
        _take_replaces(link, line)
        if was != (link.quantity, link.counts, link.replaces):
            changed.append(link)
    if changed:
        Link.objects.bulk_update(changed, ["quantity", "counts", "replaces"])
    return changed


def _taken(case: Case, link: Link, line: Line, source: Line) -> Decimal:
    """A third of twenty sacks is not to be said in six decimals: what takes all that is open takes exactly that."""
    quantity = in_source_unit(line, source)
    if line.unit == source.unit:
        return quantity
    own = link.quantity if claims_now(case, link) and link.counts else ZERO
    kind = registry.get(case.sources[source.document_id].kind)
    still_open = quantities.open_quantity(source, link.measure, kind) + own
    return still_open if abs(still_open - quantity) <= ODD else quantity


def _take_replaces(link: Link, line: Line) -> None:
    """Whether returned goods are delivered again is said on the line, and counts on every line that it goes back to."""
    if link.measure == Measure.RETURNED:
        link.replaces = line.replaces
