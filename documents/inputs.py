"""What a person, an importer or another system may say about a draft; everything else is found or computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from documents.kinds import LineKind, Measure, Relation


@dataclass(frozen=True, slots=True)
class LinkInput:
    """A link of a line to the source line it was made from; only ``follow_up`` services create them."""

    source_document_id: int
    source_line_id: int | None
    measure: Measure
    quantity: Decimal  # in the source line's unit
    relation: Relation = Relation.CREATES
    counts: bool = True
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class TakenTax:
    """The tax under which a source stands: what corrects or cancels it stands under the same (§ 17 UStG)."""

    code_id: int | None
    category: str
    rate: Decimal
    source: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line as entered. ``None`` means: find it (price, unit, tax, description)."""

    id: int | None = None
    line_kind: LineKind = LineKind.ITEM
    article_id: int | None = None
    description: str | None = None
    detail: str | None = None
    quantity: Decimal = Decimal(0)
    unit: str | None = None
    price: Decimal | None = None
    price_unit: str | None = None
    price_base: Decimal | None = None
    price_quantity: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    tax_code_id: int | None = None
    supply_from: date | None = None
    supply_to: date | None = None
    warehouse_id: int | None = None
    free_reason: str = ""
    account: str = ""
    cost_center: str = ""
    skonto_excluded: bool = False
    replaces: bool = False
    reopens: bool = False
    with_goods: bool = False
    lots: tuple[tuple[str, Decimal], ...] = ()
    links: tuple[LinkInput, ...] = ()
    origins: frozenset[int] = frozenset()  # documents up the chain that the line came from
    keeps_price: bool = False  # carried over from a source: not looked up again
    found_price: Decimal | None = None
    cost_price: Decimal | None = None
    tolerance_percent: Decimal | None = None
    taken_tax: TakenTax | None = None  # of the line that it corrects or cancels: not found anew


@dataclass(frozen=True, slots=True)
class AllowanceInput:
    """A discount or charge of the whole document; without a tax code it is spread over the VAT groups."""

    is_charge: bool = False
    percent: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""
    reason_code: str = ""
    tax_code_id: int | None = None
    source_entry: int | None = (
        None  # follow-ups: the source's entry, whose lines alone the percent applies to
    )
    source_document_id: int | None = None
    taken_tax: TakenTax | None = None  # of the entry that it cancels


@dataclass(frozen=True, slots=True)
class PartyInput:
    """A party edited on the document itself; the rest is copied from the partner."""

    role: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftInput:
    """The whole draft. Empty texts and ``None`` fall back to the partner, then to the company."""

    kind: str
    partner_id: int
    uuid: UUID | None = None  # of a new document, given by the form: sent twice, it is saved once
    bill_to_id: int | None = None
    ship_to_address_id: int | None = None
    branch_id: int | None = None
    language: str = ""
    currency: str = ""
    exchange_rate: Decimal | None = None
    rate_date: date | None = None
    rate_source: str = ""
    rate_typed: bool | None = None  # None: found out by what stood here before and by the table
    price_mode: str = ""
    payment_term_id: int | None = None
    warehouse_id: int | None = None
    document_date: date | None = None
    supply_from: date | None = None
    supply_to: date | None = None
    valid_until: date | None = None
    terms_date: date | None = None
    posting_date: date | None = None
    buyer_reference: str = ""
    partner_reference: str = ""
    carrier: str = ""
    incoterm: str = ""
    header_text: str = ""
    footer_text: str = ""
    non_binding: bool = False
    reason_kind: str = ""
    type_code: str = ""
    remark: str = ""
    lines: tuple[LineInput, ...] = ()
    allowances: tuple[AllowanceInput, ...] = ()
    parties: tuple[PartyInput, ...] = ()
    document_links: tuple[LinkInput, ...] = ()  # links without lines: corrects, cancels
