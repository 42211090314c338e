"""The desk at which the demo's stories are written: it knows the people and the things by their short names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from documents import registry
from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput
from documents.models import Document
from documents.selectors.cases import load_case, load_cases
from documents.services import drafts
from documents.services.carry import allowances_of, carried, line_of
from documents.services.follow_up import FollowUp, Pick, draft_of
from documents.states import State
from inventory.models import StockBalance
from masterdata.models import Article, Partner, Warehouse
from valeo.demo.days import Days
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.services import amendments
from workflow.services.perform import Decision, perform, save_and_submit

ZERO = Decimal(0)
Change = Callable[[DraftInput], DraftInput]


def discount(percent: str) -> AllowanceInput:
    """A discount in percent on the whole document."""
    return AllowanceInput(percent=Decimal(percent), reason="Rabatt")


def freight(amount: str) -> AllowanceInput:
    """A charge on the whole document, spread over its VAT groups."""
    return AllowanceInput(is_charge=True, amount=Decimal(amount), reason="Fracht")


def amended(case: Case, change: Callable[[LineInput, int], LineInput]) -> DraftInput:
    """The document as it stands, with its lines changed; they keep their ids."""
    data = carried(case, kind=case.document.kind, relation=None, measure=None)
    lines = tuple(change(line_of(case, line, None, None, keep_id=True), line.position) for line in case.lines)
    return replace(data, lines=lines, allowances=allowances_of(case), valid_until=case.document.valid_until)


@dataclass
class Desk:
    """``ago`` everywhere is days before today; without it a document is dated as it is posted."""

    company: Company
    days: Days
    people: Mapping[str, Actor]
    articles: Mapping[str, Article]
    partners: Mapping[str, Partner]
    warehouses: Mapping[str, Warehouse]
    kept: dict[str, Case] = field(default_factory=dict)

    def line(self, article: str, quantity: str, **values: Any) -> LineInput:
        """A line of an article in its sales unit; texts that are figures become figures."""
        for name in ("price", "discount_percent"):
            if name in values:
                values[name] = Decimal(values[name])
        return LineInput(article_id=self.articles[article].pk, quantity=Decimal(quantity), **values)

    def new(
        self, kind: str, partner: str, *lines: LineInput, by: str = "clerk", ago: int | None = None,
        submit: bool = True, keep: str = "", **values: Any,
    ) -> Case:  # fmt: skip
        """A document from nothing, submitted unless it is to stay a draft."""
        warehouse = values.pop("warehouse", None)
        data = DraftInput(
            kind=kind, partner_id=self.partners[partner].pk, lines=lines, document_date=self._day(ago),
            warehouse_id=self.warehouses[warehouse].pk if warehouse else None, **values,
        )  # fmt: skip
        return self._save(data, by, submit=submit, keep=keep)

    def follow(
        self, kind: str, *sources: Case, by: str = "clerk", ago: int | None = None, submit: bool = True,
        keep: str = "", picks: Mapping[int, str] | None = None, replaces: bool = False, reason_kind: str = "",
        change: Change | None = None,
    ) -> Case:  # fmt: skip
        """A follow-up with all that is open; ``picks`` is position in the first source → quantity."""
        cases = load_cases([case.document.pk for case in sources], company=self.company)
        by_position = {line.position: line.pk for line in cases[0].lines}
        wish = FollowUp(
            picks=tuple(
                Pick(by_position[at], Decimal(quantity), replaces) for at, quantity in (picks or {}).items()
            ),
            reason_kind=reason_kind,
            header={"document_date": self._day(ago)},
        )
        data = draft_of(self.company, kind, cases, wish)
        return self._save(change(data) if change else data, by, submit=submit, keep=keep)

    def act(self, case: Case, action: str, by: str, reason: str = "", **values: Any) -> Case:
        """One action on the document as it is now."""
        decision = Decision(reason=reason, **values)
        return perform(document_id=case.document.pk, action=action, actor=self.people[by], decision=decision)

    def amend(self, case: Case, by: str, reason: str, change: Callable[[LineInput, int], LineInput]) -> str:
        """Propose an amendment: ``change`` gets each line with its position. Returns the revision's state."""
        now = self.again(case)
        data = amended(now, change)
        revision = amendments.propose(
            company=self.company, actor=self.people[by], document_id=case.document.pk, data=data, reason=reason,
            expected_version=now.document.version,
        )  # fmt: skip
        return str(revision.state)

    def pending(self, kind: str, partner: str) -> Case:
        """The one document of a kind and partner that waits for a person."""
        found = Document.objects.get(kind=kind, partner=self.partners[partner].pk, state=State.PENDING)
        return load_case(found.pk, company=self.company)

    def again(self, case: Case) -> Case:
        return load_case(case.document.pk, company=self.company)

    def line_id(self, case: Case, position: int) -> int:
        return next(line.pk for line in case.lines if line.position == position)

    def update(self, case: Case, by: str, change: Callable[[LineInput, int], LineInput]) -> Case:
        """Change the lines of a draft."""
        data = amended(self.again(case), change)
        return drafts.update_draft(
            company=self.company, actor=self.people[by], document_id=case.document.pk, data=data,
            expected_version=None, today=self.days.today,
        )  # fmt: skip

    def _day(self, ago: int | None) -> dt.date | None:
        return None if ago is None else self.days.ago(ago)

    def _save(self, data: DraftInput, by: str, *, submit: bool, keep: str) -> Case:
        actor = self.people[by]
        if registry.get(data.kind).traits.moves_stock:
            data = self._with_lots(data)
        save = save_and_submit if submit else drafts.create_draft
        case = save(company=self.company, actor=actor, data=data, today=self.days.today)
        if keep:
            self.kept[keep] = case
        return case

    def _with_lots(self, data: DraftInput) -> DraftInput:
        """Takes the lots in the order of their names, as the warehouse would find them."""
        case = drafts.preview(self.company, data, self.days.today)
        if not any(line.lot_duty for line in case.lines):
            return data
        lines = [
            replace(given, lots=self._lots(line.article_id or 0, line.warehouse_id or 0, line.stock_quantity))
            if line.lot_duty and not given.lots and line.stock_quantity > ZERO
            else given
            for line, given in zip(case.lines, data.lines, strict=True)
        ]
        return replace(data, lines=tuple(lines))

    def _lots(self, article: int, warehouse: int, wanted: Decimal) -> tuple[tuple[str, Decimal], ...]:
        rows = StockBalance.objects.filter(article=article, warehouse=warehouse, on_hand__gt=0).order_by(
            "lot"
        )
        found = []
        for row in rows:
            part = min(wanted, row.on_hand)
            if part > ZERO and row.lot:
                found.append((row.lot, part))
                wanted -= part
        return tuple(found)
