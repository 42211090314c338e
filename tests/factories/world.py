"""A trading company small enough to see through: two articles, one customer, four people, stock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from documents.case import Case
from inventory.services import entries
from masterdata.models import Article, Partner
from masterdata.services.articles import UnitRow
from tests.factories.documents import discount, draft, freight, line, make_series, submitted
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


@dataclass
class World:
    company: Company
    clerk: Actor
    warehouse: Actor
    manager: Actor
    accountant: Actor
    customer: Partner
    wheat: Article  # 7 %, tonnes
    lime: Article  # 19 %, by the sack, priced by the tonne


def make_world(company: Company, credit_limit: str = "20000.00") -> World:
    """Call inside the company's scope."""
    system = make_masterdata(company)
    make_series(company)
    company.vat_id, company.tax_number = "DE136695976", "15/123/45678"
    company.save()
    store = make_warehouse(system, is_default=True)
    prices = make_price_list(system)
    customer = make_partner(system, tax_status="regular", price_list=prices, credit_limit=D(credit_limit))
    wheat = make_article(
        system, "TNE", tax_class="reduced", list_price=D("250"), standard_cost=D("180"), tolerance=D(5)
    )
    lime = make_article(
        system, "KGM", units=[UnitRow(unit=unit("XSA"), factor=D(25))], sales_unit=unit("XSA"), price_unit=unit("TNE"),
        tax_class="standard", list_price=D("375"), standard_cost=D("0.20"),
    )  # fmt: skip
    add_price(system, prices, "240.00", article=wheat, unit=unit("TNE"))
    add_price(system, prices, "230.00", article=wheat, unit=unit("TNE"), from_quantity=D(20))
    for article, quantity, cost in ((wheat, "500", "180"), (lime, "50000", "0.20")):
        entries.record_opening(
            actor=system,
            entry=entries.StockEntry(
                article.uuid, store.uuid, D(quantity), "Opening balance", unit_cost=D(cost)
            ),
        )
    return World(
        company, make_actor(company, ["operator"]), make_actor(company, ["warehouse"]), make_actor(company, ["manager"]),
        make_actor(company, ["accountant"]), customer, wheat, lime,
    )  # fmt: skip


def quote(world: World) -> Case:
    """The story's quotation: a quantity break, 3 % over goods at 7 % and 19 %, freight."""
    return submitted(
        world.company,
        world.clerk,
        draft(
            "quotation", world.customer, line(world.wheat, "20"), line(world.lime, "40"),
            allowances=(discount("3"), freight("120.00")),
        ),
    )  # fmt: skip
