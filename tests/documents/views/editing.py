"""A trading company in small, and what a browser posts from the editor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from documents.models import Document
from masterdata.models import Article, Partner, Warehouse
from masterdata.services.articles import UnitRow
from tests.factories.documents import make_series
from tests.factories.masterdata import (
    add_price,
    make_article,
    make_masterdata,
    make_partner,
    make_price_list,
    make_warehouse,
    unit,
)  # fmt: skip
from tests.factories.tenancy import make_actor
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

D = Decimal
NEW = "/documents/sales_order/new/"
WHEAT = {"article": "10214", "quantity": "8,5"}
LIME = {"article": "20115", "quantity": "40"}


@dataclass
class World:
    company: Company
    clerk: Actor
    customer: Partner
    wheat: Article  # 7 %, tonnes, 240.00, from 20 t on 230.00
    lime: Article  # 19 %, by the sack, 375.00 per tonne
    warehouse: Warehouse


def make_world(company: Company) -> World:
    system = make_masterdata(company)
    make_series(company)
    company.vat_id, company.tax_number = "DE136695976", "15/123/45678"
    company.save()
    warehouse = make_warehouse(system, is_default=True)
    prices = make_price_list(system)
    customer = make_partner(system, tax_status="regular", price_list=prices, credit_limit=D("20000.00"))
    wheat = make_article(
        system, "TNE", number="10214", name_de="Weizen", name_en="Wheat", tax_class="reduced", list_price=D("250"),
        standard_cost=D("180"), tolerance=D(5),
    )  # fmt: skip
    lime = make_article(
        system, "KGM", number="20115", name_de="Kalk", name_en="Lime", units=[UnitRow(unit=unit("XSA"), factor=D(25))],
        sales_unit=unit("XSA"), price_unit=unit("TNE"), tax_class="standard", list_price=D("375"), standard_cost=D("0.20"),
    )  # fmt: skip
    add_price(system, prices, "240.00", article=wheat, unit=unit("TNE"))
    add_price(system, prices, "230.00", article=wheat, unit=unit("TNE"), from_quantity=D(20))
    return World(company, make_actor(company, ["operator"]), customer, wheat, lime, warehouse)


def form(customer: Partner, /, *lines: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The fields of the editor as a browser without scripts posts them: numbers, no keys."""
    data: dict[str, Any] = {
        "partner": customer.customer_number,
        "lines-TOTAL_FORMS": str(len(lines) + 2),
        "lines-INITIAL_FORMS": "0",
        "allowances-TOTAL_FORMS": "2",
        "allowances-INITIAL_FORMS": "2",
        "allowances-0-sign": "discount",
        "allowances-1-sign": "charge",
        "do": "save",
    }
    for index, line in enumerate(lines):
        data |= {f"lines-{index}-{name}": value for name, value in line.items()}
    return data | values


def saved() -> Document:
    """The only document."""
    return Document.objects.get()


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class _Fields(HTMLParser):
    """The values of the first form with ``data-editor``, as a browser without scripts would post them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = self.template = False
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        match tag:
            case "form":
                self.inside = "data-editor" in given
            case "template":
                self.template = True
            case _ if not self.inside or self.template:
                return
            case "input" if name and (given.get("type") != "checkbox" or "checked" in given):
                self.fields[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
            case "textarea":
                self.area, self.fields[name] = name, ""
            case "select":
                self.select = name
            case "option" if self.select not in self.fields or "selected" in given:
                self.fields[self.select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.template = self.template and tag != "template"
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data


def fields_of(answer: Any) -> dict[str, str]:
    """What the page would post. The line break that HTML puts after <textarea> is no part of its text."""
    parser = _Fields()
    parser.feed(answer.content.decode())
    return {
        name: value.removeprefix("\n") if "\n" in value[:1] else value
        for name, value in parser.fields.items()
    }


def told(answer: Any) -> list[str]:
    """The reasons above the form."""
    summary = answer.content.decode().partition("data-form-errors>")[2].partition("</ul>")[0]
    return [re.sub(r"<[^>]+>", "", item).strip() for item in summary.split("<li>")[1:]]
