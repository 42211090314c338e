"""A trading company with two articles in stock and a customer, as the ledger's tests need it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from documents.case import Case
from inventory.models import StockBalance, StockMovement
from inventory.services.entries import StockEntry, record_opening
from masterdata.models import Article, Partner, Warehouse
from tests.factories.documents import draft, follow, line, make_series, submitted
from tests.factories.masterdata import make_article, make_masterdata, make_partner, make_warehouse
from tests.factories.tenancy import make_actor
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

D = Decimal


@dataclass
class Stock:
    company: Company
    actor: Actor
    customer: Partner
    seed: Article  # without lots
    feed: Article  # with lots
    house: Warehouse
    barn: Warehouse

    def opening(self, article: Article, quantity: str, cost: str = "5", **values: Any) -> StockMovement:
        facts = {
            "warehouse": self.house.uuid, "reason": "taken over", "unit_cost": D(cost),
            **values,
        }  # fmt: skip
        return record_opening(
            actor=self.actor, entry=StockEntry(article=article.uuid, quantity=D(quantity), **facts)
        )

    def order(self, *lines: Any) -> Case:
        return submitted(self.company, self.actor, draft("sales_order", self.customer, *lines))

    def deliver(self, *lines: Any, **values: Any) -> Case:
        return submitted(self.company, self.actor, draft("delivery_note", self.customer, *lines, **values))

    def follow(self, kind: str, *sources: Case, **values: Any) -> Case:
        return follow(self.company, self.actor, kind, *sources, **values)

    def balance(self, article: Article, lot: str | None = None) -> StockBalance:
        return StockBalance.objects.get(article=article, warehouse=self.house, lot=lot)

    def line(self, quantity: str, article: Article | None = None, **values: Any) -> Any:
        return line(article or self.seed, quantity, **values)


@pytest.fixture
def stock(company: Company) -> Stock:
    system = make_masterdata(company)
    make_series(company)
    house = make_warehouse(system, is_default=True)
    return Stock(
        company=company,
        actor=make_actor(company, ["administrator"]),
        customer=make_partner(system, tax_status="regular"),
        seed=make_article(system, standard_cost=D("4.00")),
        feed=make_article(system, lot_duty=True, standard_cost=D("3.00")),
        house=house,
        barn=make_warehouse(system),
    )
