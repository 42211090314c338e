"""The line grid: its form for showing, and the reading of what was typed.

A cell that still shows what was found for it (its ``auto_`` field says the same) is found again on every save: the
price follows quantity, date and partner until somebody types another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms import beside, lots, resolve
from documents.forms.reader import Beside, Reader
from documents.forms.shown import ShownForm, day, figure, flag, hidden, select, text
from documents.inputs import LineInput
from documents.kinds import WITHOUT_AMOUNT, FreeReason, LineKind
from documents.spec import DocumentType
from masterdata.rounding import MICRO, round_to
from valeo.core import typed
from valeo.core.components import formats
from valeo.core.exceptions import Violation

PREFIX: Final = "lines"
MAX_LINES: Final = 500
EMPTY_LINES: Final = 5
MAX_FORMS: Final = 2 * MAX_LINES  # of a page, the deleted and the empty ones too
HUNDRED: Final = Decimal(100)
ZERO: Final = Decimal(0)
FLAGS: Final = ("skonto_excluded", "replaces", "reopens", "with_goods")
_PRICED: Final = (
    "price",
    "discount_percent",
    "tax_code",
    "free_reason",
    "price_base",
    "price_unit",
    "discount_amount",
    "skonto_excluded",
)
_MEANS_SOMETHING: Final = ("article", "description", "quantity", "price", "detail")


class LineForm(ShownForm):
    """One line: the cells of the grid, then what folds out below them."""

    article = text(gettext_lazy("Article"), spellcheck="false")
    description = text(gettext_lazy("Description"))
    quantity = figure(gettext_lazy("Quantity"))
    unit = text(gettext_lazy("Unit"))
    price = figure(gettext_lazy("Price"))
    discount_percent = figure(gettext_lazy("Discount %"))
    tax_code = select(gettext_lazy("VAT"))
    line_kind = select(
        gettext_lazy("Kind of line"), [("", gettext_lazy("as the article")), *LineKind.choices]
    )
    supply_from = day(gettext_lazy("Supplied from"))
    supply_to = day(gettext_lazy("Supplied to"))
    warehouse = select(gettext_lazy("Warehouse"))
    price_base = figure(gettext_lazy("Price per"))
    price_unit = text(gettext_lazy("Price unit"))
    discount_amount = figure(gettext_lazy("Discount, amount"))
    free_reason = select(gettext_lazy("Reason of a free line"), FreeReason.choices)
    account = text(gettext_lazy("Account"))
    cost_center = text(gettext_lazy("Cost centre"))
    lots = text(gettext_lazy("Lots"), multi=2, placeholder="4711 = 25", **{"data-lots": ""})
    detail = text(gettext_lazy("Further text"), multi=2)
    skonto_excluded = flag(gettext_lazy("No cash discount"))
    replaces = flag(gettext_lazy("Will be delivered again"))
    reopens = flag(gettext_lazy("May be invoiced again"))
    with_goods = flag(gettext_lazy("Goods came back"))
    id = hidden()
    article_id = hidden()
    auto_description = hidden()
    auto_unit = hidden()
    auto_price = hidden()

    def __init__(self, *args: Any, document_type: DocumentType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _absent(document_type):
            del self.fields[name]
        label = self.initial.get("tax_label") if self.initial else ""
        if label and "tax_code" in self.fields:
            options = list(self.fields["tax_code"].choices)  # type: ignore[attr-defined]
            self.fields["tax_code"].choices = [("", label), *options[1:]]  # type: ignore[attr-defined]


def _absent(document_type: DocumentType | None) -> list[str]:
    """What the kind does not have."""
    if document_type is None:
        return []
    traits = document_type.traits
    gone = [] if traits.has_prices else list(_PRICED)
    if traits.has_prices and not traits.has_taxes:
        gone.append("tax_code")
    if not traits.moves_stock:
        gone += ["lots", "replaces"]
    elif not traits.allows_negative:
        gone.append("replaces")
    if document_type.ledger_sign >= 0:
        gone += ["reopens", "with_goods"]
    return gone


LineSet: type[BaseFormSet[LineForm]] = formset_factory(
    LineForm,
    extra=1,
    can_order=True,
    can_delete=True,
    max_num=MAX_LINES,
    absolute_max=MAX_FORMS,
)
NAMES: Final = tuple(LineForm.base_fields)


@dataclass(slots=True)
class LinesRead:
    """The lines in their order; ``prefixes`` are their forms, by position − 1.

    ``apart`` are the fields, by form, into which one typed text went: "40 Sack" is quantity 40 and unit Sack.
    """

    lines: list[LineInput] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    problems: list[Violation] = field(default_factory=list)
    apart: dict[str, dict[str, str]] = field(default_factory=dict)


def too_many(post: Mapping[str, str]) -> Violation | None:
    """Why nothing of it is read: more lines than a document has. Asked before any work is done."""
    forms = _forms(post)
    count = len(_rows(post)) if forms <= MAX_FORMS else forms
    if count <= MAX_LINES:
        return None
    text = _(
        "A document has at most %(most)s lines; this one has %(count)s. Split it into several documents."
    )
    return Violation("too-many", text % {"most": MAX_LINES, "count": formats.number(count)}, "lines")


def read(
    post: Mapping[str, str], document_type: DocumentType, kept: Mapping[int, LineInput], money: Beside
) -> LinesRead:
    """What was typed. ``kept`` are the document's stored lines by key, as they stand; ``money`` judges currencies."""
    result = LinesRead()
    excess = too_many(post)
    if excess is not None:
        result.problems.append(excess)
        return result
    prefixes = _rows(post)
    pairs = {
        prefix: (post.get(f"{prefix}-article", "").strip(), post.get(f"{prefix}-article_id", ""))
        for prefix in prefixes
    }
    keys = resolve.articles({pair for pair in pairs.values() if pair[0]})
    said = beside.units(
        {prefix: (keys.get(pairs[prefix]), post.get(f"{prefix}-quantity", "")) for prefix in prefixes}
    )
    for position, prefix in enumerate(prefixes, start=1):
        reader = Reader(post, f"{prefix}-", position)
        article_id = keys.get(pairs[prefix])
        if pairs[prefix][0] and article_id is None:
            _unknown_article(reader)
        unit = said.get(prefix)
        line = _line(reader, document_type, article_id, kept, _Beside(money, unit))
        if unit is not None and not any(problem.field == "quantity" for problem in reader.problems):
            result.apart[prefix] = {"quantity": typed.shown(line.quantity), "unit": unit.symbol}
        result.lines.append(line)
        result.prefixes.append(prefix)
        result.problems += reader.problems
    _units_of_free_lines(result)
    return result


def show_again(post: Mapping[str, str], result: LinesRead) -> list[dict[str, Any]]:
    """The raw text of every line in its order: what a refused page shows again. A unit goes into its own cell."""
    rows = []
    for prefix in result.prefixes:
        row: dict[str, Any] = {name: post.get(f"{prefix}-{name}", "") for name in NAMES}
        row |= {name: bool(row[name]) for name in FLAGS} | result.apart.get(prefix, {})
        rows.append(row)
    return rows


@dataclass(frozen=True, slots=True)
class _Beside:
    """What may stand beside the figures of a line, and the unit that its quantity says."""

    money: Beside
    unit: beside.UnitSaid | None

    def of_quantity(self, _word: str) -> str:
        return self.unit.problem if self.unit else ""


def _unknown_article(reader: Reader) -> None:
    reader.text("article", 40)
    if not reader.problems:
        reader.say("article-unknown", _("There is no such article. Choose one from the list."), "article")


def _forms(post: Mapping[str, str]) -> int:
    """How many forms the page says it has."""
    total = post.get(f"{PREFIX}-TOTAL_FORMS", "0")
    if not (total.isascii() and total.isdigit()):
        return 0
    return int(total) if len(total) < 5 else MAX_FORMS + 1


def _rows(post: Mapping[str, str]) -> list[str]:
    """The prefixes of the lines that say something and are not deleted, in the order of the page."""
    found: list[tuple[int, int, str]] = []
    for index in range(_forms(post)):
        prefix = f"{PREFIX}-{index}"
        if post.get(f"{prefix}-DELETE") or not _says_something(post, prefix):
            continue
        order = post.get(f"{prefix}-ORDER", "")
        place = int(order) if order.isascii() and order.isdigit() and len(order) < 7 else MAX_FORMS + index
        found.append((place, index, prefix))
    return [prefix for _place, _index, prefix in sorted(found)]


def _says_something(post: Mapping[str, str], prefix: str) -> bool:
    return any(post.get(f"{prefix}-{name}", "").strip() for name in _MEANS_SOMETHING) or post.get(
        f"{prefix}-line_kind", ""
    ) in {LineKind.SUBTOTAL, LineKind.HEADING}


def _line(
    reader: Reader,
    document_type: DocumentType,
    article_id: int | None,
    kept: Mapping[int, LineInput],
    words: _Beside,
) -> LineInput:
    line_kind = LineKind(reader.choice("line_kind", LineKind.values) or LineKind.ITEM)
    old = _kept(reader, kept)
    line = LineInput(
        id=old.id if old else None,
        line_kind=line_kind,
        article_id=article_id,
        description=_found_or(reader, "description", reader.text("description", 400)),
        detail=reader.text("detail", 4000, lines=True) or None,
        supply_from=reader.day("supply_from"),
        supply_to=reader.day("supply_to"),
    )
    if line_kind in WITHOUT_AMOUNT:
        return line
    quantity = reader.number("quantity", decimals=6, least=None, beside=words.of_quantity)
    if not quantity and not any(problem.field == "quantity" for problem in reader.problems):
        reader.say("line-quantity", _("Enter a quantity, or delete the line."), "quantity")
    line = replace(
        line,
        quantity=quantity or ZERO,
        unit=_unit(reader, words.unit),
        warehouse_id=reader.key("warehouse", lambda: _("There is no such warehouse.")),
        account=reader.text("account", 20),
        cost_center=reader.text("cost_center", 36),
        lots=lots.read(reader, "lots"),
        skonto_excluded=reader.flag("skonto_excluded"),
        replaces=reader.flag("replaces"),
        reopens=reader.flag("reopens"),
        with_goods=reader.flag("with_goods"),
    )
    if document_type.traits.has_prices:
        line = _priced(reader, line, words.money)
    if old is None or not old.keeps_price or old.article_id != article_id:
        return line
    return _carried(old, line)


def _kept(reader: Reader, kept: Mapping[int, LineInput]) -> LineInput | None:
    """The stored line that is meant; one of another document is as unknown as none."""
    raw = reader.raw("id")
    if not raw:
        return None
    found = kept.get(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) <= 18 else None
    if found is None:
        reader.say("line-unknown", _("This line is no longer there. Delete it, or enter it anew."), "article")
    return found


def _found_or(reader: Reader, name: str, typed: str) -> str | None:
    """None (find it) where nothing was typed, or where the cell still shows what was found."""
    return None if not typed or typed == reader.raw(f"auto_{name}").strip() else typed


def _unit(reader: Reader, said: beside.UnitSaid | None) -> str | None:
    """The unit in the quantity goes before the one in its own cell; None: the article's usual one.

    It was said, so it counts whatever was found before: that may have been for another article.
    """
    own = reader.text("unit", 20)
    return (said.code if said else _found_or(reader, "unit", own)) or None


def _priced(reader: Reader, line: LineInput, money: Beside) -> LineInput:
    raw, found = reader.raw("price").strip(), reader.raw("auto_price").strip()
    price = None if raw == found else reader.number("price", decimals=9, beside=money)
    base = reader.number("price_base", decimals=6)
    if base == ZERO:
        reader.say("too-small", _("A price per 0 cannot be calculated with."), "price_base")
    return replace(
        line,
        price=None if typed.apart(raw)[0] == found else price,
        price_base=base or None,
        price_unit=reader.text("price_unit", 20) or None,
        discount_percent=reader.number("discount_percent", decimals=4, most=HUNDRED, beside=beside.percent)
        or ZERO,
        discount_amount=reader.number("discount_amount", decimals=2, beside=money) or ZERO,
        tax_code_id=reader.key("tax_code", lambda: _("There is no such tax code.")),
        free_reason=reader.choice("free_reason", FreeReason.values),
    )


def _carried(old: LineInput, line: LineInput) -> LineInput:
    """A line from a source keeps its price, cost and tolerance; what is charged follows its quantity."""
    share = line.quantity / old.quantity if old.quantity else None
    charged = None
    if share is not None and old.price_quantity is not None and line.unit in {None, old.unit}:
        charged = round_to(old.price_quantity * share, MICRO)
    return replace(
        line,
        unit=line.unit or old.unit,
        price=old.price if line.price is None else line.price,
        price_unit=line.price_unit or old.price_unit,
        price_base=line.price_base or old.price_base,
        price_quantity=charged,
        keeps_price=True,
        found_price=old.found_price,
        cost_price=old.cost_price,
        tolerance_percent=old.tolerance_percent,
        account=line.account or old.account,
    )


def _units_of_free_lines(result: LinesRead) -> None:
    """A unit on a line without an article is written as people write it; the document wants the UN/ECE code."""
    free = [index for index, line in enumerate(result.lines) if line.article_id is None and line.unit]
    if not free:
        return
    codes = resolve.unit_codes()
    for index in free:
        line = result.lines[index]
        code = codes.get((line.unit or "").casefold())
        if code is None:
            result.problems.append(
                Violation(
                    "unit-unknown", _("There is no unit “%(unit)s”.") % {"unit": line.unit}, "unit", index + 1
                )
            )
        result.lines[index] = replace(line, unit=code)
