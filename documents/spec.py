"""The declaration of a document kind: everything that differs by kind is data here (contract § 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from documents.kinds import Family, Kind, Measure

if TYPE_CHECKING:
    from documents.case import Case
    from documents.findings import ExceptionFound
    from valeo.core.exceptions import Violation

Text = str | Promise
Guard = Callable[["Case"], "Iterable[Violation]"]
Finder = Callable[["Case"], "Iterable[ExceptionFound]"]
Effect = Callable[["Case"], None]
RightFinder = Callable[["Case"], "Iterable[AlsoNeeded]"]


@dataclass(frozen=True, slots=True)
class Source:
    """What a kind may be made from, and the measure that such a link feeds on the source's lines."""

    kind: Kind
    measure: Measure
    label: Text  # the button on the source: "Deliver", "Invoice"
    icon: str
    many: bool = True  # several sources in one document
    relation: str = "creates"
    negate: bool = False  # a return: quantities turn negative


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the kind. ``leaves`` = archived on posting; else printed on demand only."""

    code: str
    title: Mapping[str, str]  # language -> printed title
    template: str = "documents/paper/standard.html"
    with_prices: bool = True
    with_qr: bool = True
    leaves: bool = True


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which scopes (any of them) each right asks for."""

    read: tuple[str, ...]
    write: tuple[str, ...]
    approve: tuple[str, ...]
    post: tuple[str, ...]

    def of(self, right: str) -> tuple[str, ...]:
        return {"read": self.read, "write": self.write, "approve": self.approve, "post": self.post}[right]


@dataclass(frozen=True, slots=True)
class AlsoNeeded:
    """Any of these scopes posting asks for beside the kind's own, and why."""

    scopes: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Traits:
    """What a kind has; screens, calculator and papers ask for these, never for the kind."""

    has_prices: bool = True
    has_taxes: bool = True
    moves_stock: int = 0  # -1 out, +1 in
    reserves_stock: bool = False
    opens_items: bool = False
    is_invoice: bool = False  # § 14 UStG fields are blocks
    has_validity: bool = False  # valid_until, accept and decline
    needs_delivery: bool = False  # lines of stock-managed articles wait for delivery
    allows_negative: bool = False
    has_planned_supply: bool = False  # the supply date is a plan
    stock_only_from_sources: bool = False  # stock-managed articles only through a source
    numbered_lines: bool = True

    @property
    def takes_stock(self) -> bool:
        """Its lines promise goods or take them from where they lie, so that what is available matters."""
        return self.moves_stock < 0 or self.needs_delivery or self.reserves_stock


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document, declared in one place and registered in ``AppConfig.ready()``."""

    kind: Kind
    domain: str
    family: Family
    side: str  # "output" (we sell) or "input" (we buy)
    title: Text
    title_plural: Text
    new_label: Text  # the whole phrase, since its grammar is the kind's: "Neues Angebot", "Neuer Auftrag"
    posted_label: Text
    posted_text: Text  # the sentence that says it, with %(number)s
    prefix: str
    icon: str
    partner_role: str  # "customer" or "supplier"
    scopes: Scopes
    traits: Traits = field(default_factory=Traits)
    sources: tuple[Source, ...] = ()
    may_be_direct: bool = True
    tracks: frozenset[Measure] = frozenset()  # the measures that its own lines count
    type_code: str = ""
    post_on_release: bool = False
    # made from these kinds at their prices; services of the commitments behind them may ride along
    post_on_release_from: frozenset[Kind] = frozenset()
    approval: str = "exception"  # or "always"
    guards: tuple[Guard, ...] = ()
    exceptions: tuple[Finder, ...] = ()
    post_needs: tuple[RightFinder, ...] = ()  # what this one document's posting asks for beside its scope
    on_submit: tuple[Effect, ...] = ()
    on_post: tuple[Effect, ...] = ()
    on_cancel: tuple[Effect, ...] = ()
    on_close: tuple[Effect, ...] = ()
    on_amend: tuple[Effect, ...] = ()
    cancel_by: str = (
        ""  # "" (commitment), "reversal" (same kind, negated), "storno" or "counter" (an invoice)
    )
    cancel_kind: Kind | None = None
    papers: tuple[Paper, ...] = ()
    ledger_sign: int = 0  # +1 raises the receivable, -1 reduces it
    channel: str = "sales"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.kind.value)

    def source(self, kind: str) -> Source | None:
        return next((source for source in self.sources if source.kind == kind), None)
