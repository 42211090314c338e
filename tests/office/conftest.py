"""A trading company with one document in every stage that the office pages show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from documents.case import Case
from documents.services.drafts import create_draft
from inventory.services.entries import StockEntry, record_opening
from masterdata.models import Article, Partner, Warehouse
from tests.factories.documents import act, again, draft, follow, line, make_series, submitted
from tests.factories.masterdata import make_article, make_masterdata, make_partner, make_warehouse
from tests.factories.tenancy import make_actor
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope
from workflow.services.begin import today_in

D = Decimal


@dataclass
class Office:
    """``everything`` makes one row for each box; all of it inside the company's scope."""

    company: Company
    boss: Actor
    clerk: Actor
    customer: Partner
    seed: Article
    rare: Article
    house: Warehouse

    def order(self, **values: Any) -> Case:
        return submitted(
            self.company, self.clerk, draft("sales_order", self.customer, line(self.seed, "3"), **values)
        )

    def deliver(self, order: Case) -> Case:
        delivery = follow(self.company, self.boss, "delivery_note", order)
        return again(act(delivery, "submit", self.boss))

    def invoice(self, delivery: Case) -> Case:
        invoice = follow(self.company, self.boss, "sales_invoice", delivery)
        return again(act(invoice, "submit", self.boss))

    def waiting(self) -> Case:
        """An order that waits: its free line asks for a person."""
        free = line(self.seed, "1", price=D(0), free_reason="sample")
        return submitted(
            self.company, self.clerk, draft("sales_order", self.customer, line(self.seed, "1"), free)
        )

    def drafted(self) -> Case:
        return create_draft(
            company=self.company, actor=self.clerk, data=draft("sales_order", self.customer, line(self.seed, "1")),
            today=today_in(self.company),
        )  # fmt: skip

    def quotation(self, days: int = 3) -> Case:
        until = timezone.localdate() + dt.timedelta(days=days)
        data = draft("quotation", self.customer, line(self.seed, "2"), valid_until=until)
        return submitted(self.company, self.clerk, data)

    def everything(self) -> None:
        today = timezone.localdate()
        self.quotation()
        self.order(supply_from=today - dt.timedelta(days=2))
        self.deliver(self.order())
        self.invoice(self.deliver(self.order()))
        act(self.waiting(), "reject", self.boss, reason="Too cheap")
        self.waiting()
        self.drafted()


def furnish(company: Company) -> Office:
    """Master data, stock and people; the company is in scope."""
    system = make_masterdata(company)
    make_series(company)
    company.vat_id, company.tax_number = "DE136695976", "15/123/45678"
    company.four_eyes = "off"
    company.save()
    house = make_warehouse(system, is_default=True)
    office = Office(
        company=company,
        boss=make_actor(company, ["administrator"]),
        clerk=make_actor(company, ["operator"]),
        customer=make_partner(system, tax_status="regular", name=f"Hof Petersen {company.code}"),
        seed=make_article(system, standard_cost=D("4.00"), name_de=f"Rapssaat {company.code}"),
        rare=make_article(system, minimum_stock=D(10), name_de=f"Kalk {company.code}"),
        house=house,
    )
    record_opening(
        actor=office.boss,
        entry=StockEntry(
            article=office.seed.uuid,
            quantity=D(1000),
            warehouse=house.uuid,
            reason="taken over",
            unit_cost=D(4),
        ),
    )
    return office


@pytest.fixture
def office(company: Company) -> Office:
    return furnish(company)


@pytest.fixture
def neighbour(other_company: Company) -> Office:
    """The same in another company, with its documents; nothing of it may ever appear."""
    with company_scope(other_company.pk):
        made = furnish(other_company)
        made.everything()
    return made
