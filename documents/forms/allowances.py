"""Discounts and charges of the whole document: a percentage, or an amount such as freight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms import beside
from documents.forms.reader import Beside, Reader
from documents.forms.shown import ShownForm, figure, hidden, select, text
from documents.inputs import AllowanceInput
from valeo.core import typed
from valeo.core.exceptions import Violation

PREFIX: Final = "allowances"
MAX_ROWS: Final = 20
HUNDRED: Final = 100
DISCOUNT, CHARGE = "discount", "charge"
SIGNS: Final = ((DISCOUNT, gettext_lazy("Discount")), (CHARGE, gettext_lazy("Charge (freight, pallet …)")))


class AllowanceForm(ShownForm):
    sign = select(gettext_lazy("Kind"), SIGNS)
    reason = text(gettext_lazy("Text on the document"))
    percent = figure(gettext_lazy("Percent"))
    amount = figure(gettext_lazy("or amount"))
    tax_code = select(gettext_lazy("VAT"))
    entry = hidden()


AllowanceSet: type[BaseFormSet[AllowanceForm]] = formset_factory(
    AllowanceForm, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS
)
NAMES: Final = tuple(AllowanceForm.base_fields)


def read(
    post: Mapping[str, str], kept: Mapping[int, AllowanceInput], money: Beside
) -> tuple[list[AllowanceInput], list[Violation], list[dict[str, Any]]]:
    """The entries, their problems (field ``allowances-N-name``), and what was typed. ``kept`` by entry number.

    ``money`` judges what stands beside an amount.
    """
    total = post.get(f"{PREFIX}-TOTAL_FORMS", "0")
    count = min(int(total), MAX_ROWS) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    found, problems, raw = [], [], []
    for index in range(count):
        prefix = f"{PREFIX}-{index}-"
        reader = Reader(post, prefix)
        raw.append({name: reader.raw(name) for name in NAMES})
        if not (reader.raw("percent").strip() or reader.raw("amount").strip()):
            if reader.raw("reason").strip():
                reader.say("allowance-empty", _("Enter a percentage or an amount."), "percent")
        else:
            found.append(_entry(reader, kept, money))
        problems += [Violation(item.code, item.text, prefix + item.field) for item in reader.problems]
    return [row for row in found if row.percent is not None or row.amount is not None], problems, raw


def _entry(reader: Reader, kept: Mapping[int, AllowanceInput], money: Beside) -> AllowanceInput:
    percent = reader.number("percent", decimals=4, most=None, beside=beside.percent)
    amount = reader.number("amount", decimals=2, beside=money)
    is_charge = reader.choice("sign", (DISCOUNT, CHARGE)) == CHARGE
    if percent is not None and amount is not None:
        reader.say("allowance-both", _("Enter a percentage or an amount, not both."), "amount")
        amount = None
    if percent is not None and percent > HUNDRED and not is_charge:
        reader.say("too-large", _("A discount is at most 100 %."), "percent")
    entry = reader.raw("entry")
    old = kept.get(int(entry)) if entry.isascii() and entry.isdigit() and len(entry) < 7 else None
    row = AllowanceInput(
        is_charge=is_charge,
        percent=percent,
        amount=amount,
        reason=reader.text("reason", 200),
        tax_code_id=reader.key("tax_code", lambda: _("There is no such tax code.")),
    )
    if old is None or old.is_charge != is_charge:
        return row
    # what came from a source stays joined to it: its percentage goes with the lines of that document only
    return replace(
        row,
        reason_code=old.reason_code,
        source_entry=old.source_entry,
        source_document_id=old.source_document_id,
        entry=old.entry,
    )


def shown(entry: int, row: AllowanceInput) -> dict[str, Any]:
    """An entry as its fields show it."""
    return {
        "sign": CHARGE if row.is_charge else DISCOUNT, "reason": row.reason, "percent": typed.shown(row.percent),
        "amount": typed.shown(row.amount, 2), "tax_code": row.tax_code_id or "", "entry": entry,
    }  # fmt: skip
