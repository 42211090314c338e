"""Invented content that shows every component in every variant."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from valeo.core.components.data import BarPart, ChainDocument, ChainStep
from valeo.core.components.icons import NAMES
from valeo.core.components.states import LOOKS
from valeo.core.exceptions import Violation


class SampleForm(forms.Form):
    partner = forms.CharField(label=_("Partner"), help_text=_("Number, name or town"))
    partner_id = forms.CharField(widget=forms.HiddenInput, required=False)
    document_date = forms.DateField(label=_("Order date"), widget=forms.TextInput)
    delivery_date = forms.DateField(label=_("Delivery date"), widget=forms.TextInput)
    terms = forms.ChoiceField(
        label=_("Terms"), choices=[("30", "30 days net"), ("14", "14 days 2 %, 30 net")]
    )
    amount = forms.DecimalField(label=_("Amount"), localize=True, required=False)
    active = forms.BooleanField(label=_("Active"), required=False)
    delivery = forms.ChoiceField(
        label=_("Delivery"), widget=forms.RadioSelect, choices=[("own", "Own lorry"), ("pickup", "Picked up")]
    )
    notes = forms.CharField(
        label=_("Text on the document"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class SampleLine(forms.Form):
    article = forms.CharField(required=False)
    description = forms.CharField(required=False)
    quantity = forms.DecimalField(localize=True, required=False, min_value=Decimal("0.001"))
    unit = forms.CharField(required=False)
    price = forms.DecimalField(localize=True, required=False)
    discount_percent = forms.DecimalField(localize=True, required=False)
    tax_code = forms.ChoiceField(choices=[("19", "19 %"), ("7", "7 %")], required=False)
    line_kind = forms.ChoiceField(
        label=_("Kind"), choices=[("item", "Item"), ("text", "Text")], required=False
    )
    warehouse = forms.ChoiceField(label=_("Warehouse"), choices=[("1", "Husum harbour")], required=False)
    supply_from = forms.DateField(label=_("Supplied from"), required=False, widget=forms.TextInput)


LineSet = forms.formset_factory(SampleLine, extra=1, can_delete=True, can_order=True)
LINES: list[dict[str, str]] = [
    {"article": "10214", "description": "Winter rye seed KWS Tayo, Z1", "quantity": "40", "unit": "dt", "price": "68.40", "tax_code": "7"},
    {"article": "20115", "description": "Calcium ammonium nitrate 27 % N, bulk", "quantity": "22", "unit": "t", "price": "318.00",
     "discount_percent": "2.0", "tax_code": "19"},
    {"article": "40027", "description": "Mineral feed cattle 12/4, bag 25 kg", "quantity": "0", "unit": "bag", "price": "21.85",
     "tax_code": "7"},
]  # fmt: skip


def _bound_lines() -> Any:
    data = {"lines-TOTAL_FORMS": str(len(LINES) + 1), "lines-INITIAL_FORMS": "0"}
    for index, line in enumerate(LINES):
        data |= {f"lines-{index}-{name}": value for name, value in line.items()}
    formset = LineSet(data, prefix="lines")
    formset.is_valid()
    return formset


def _forms() -> dict[str, Any]:
    wrong = SampleForm(
        {
            "partner": "10655",
            "document_date": "2026-11-24",
            "delivery_date": "yesterday",
            "terms": "30",
            "delivery": "own",
        }
    )
    wrong.is_valid()
    return {
        "form": SampleForm(initial={"partner": "10482", "active": True, "delivery": "own"}, prefix="ok"),
        "wrong": wrong,
        "formset": _bound_lines(),
        "calc": [
            {"available": "82 dt", "net": "2.736,00"},
            {"available": "14,5 t", "net": "6.856,08", "warning": _("14.5 t available, 7.5 t are missing.")},
            {"available": "212", "net": "0,00"},
        ],
        "violations": [
            Violation("stock", "7.500 t are missing in warehouse Husum harbour", "quantity", 2),
            Violation("period", "October 2026 is closed", "document_date"),
        ],
    }


def _chain() -> list[ChainStep]:
    day = dt.date(2026, 11, 4)
    return [
        ChainStep("Quotation", "2 Nov", [ChainDocument("QUO-2026-00187", "#", "posted", "posted")]),
        ChainStep(
            "Order",
            "4 Nov",
            [ChainDocument("SO-2026-00412", "#", "posted", "posted", here=True)],
            current=True,
        ),
        ChainStep(
            "Deliveries",
            "84 % delivered",
            [
                ChainDocument("DL-2026-00655", "#", "posted", "posted", day, Decimal("0.62")),
                ChainDocument("DL-2026-00671", "#", "posted", "posted", day, Decimal("0.22")),
            ],
            open_text="2.724,15 €",
            open_share=Decimal("0.16"),
        ),
        ChainStep(
            "Invoices",
            "62 % invoiced",
            [ChainDocument("INV-2026-00530", "#", "posted", "posted", day, Decimal("0.62"))],
            open_text="6.585,32 €",
            open_share=Decimal("0.38"),
        ),
    ]


def _rows() -> list[dict[str, Any]]:
    names = ["Landhandel Friedrichsen KG", "Gut Hohenfelde Ackerbau GbR", "Schweinezucht Nissen KG", "Hof Andresen", "Hof Brodersen OHG", "Biohof Wiedingharde"]  # fmt: skip
    return [
        {
            "uuid": f"00000000-0000-4000-8000-{index:012d}",
            "number": f"SO-2026-{431 - index:05d}",
            "date": dt.date(2026, 11, 24 - index),
            "partner": name,
            "state": state,
            "delivered": Decimal(index) / 5,
            "net": Decimal("6412.80") * (index + 1),
        }
        for index, (name, state) in enumerate(zip(names, LOOKS, strict=True))
    ]


def context() -> dict[str, Any]:
    """Everything the styleguide's templates show."""
    return {
        **_forms(),
        "states": [(code, look) for code, look in LOOKS.items()],
        "icons": sorted(NAMES),
        "badges": ["partly delivered"],
        "chain": _chain(),
        "rows": _rows(),
        "now": timezone.now(),
        "earlier": timezone.now() - dt.timedelta(days=3),
        "credit": [BarPart(0.24, "3", "Invoices"), BarPart(0.17, "2", "Orders"), BarPart(0.54, "1", "This order"), BarPart(0.05, "d", "Over")],
        "ageing": [BarPart(0.4, "a0", "current"), BarPart(0.25, "a1", "30"), BarPart(0.2, "a2", "60"), BarPart(0.1, "a3", "90"), BarPart(0.05, "a4", "older")],
        "amount": Decimal("19558.04"),
        "loss": Decimal("-207.48"),
        "kilos": Decimal("27.500000"),
        "sizes": [25, 50, 100],
        "hash": "3f9a51c07be24d8816fa0d94b7c3e5721a6608ecf94d2b7738c05ad1e972c21e",
    }  # fmt: skip
