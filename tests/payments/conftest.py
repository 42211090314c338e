"""A trading company that sells a service and goods on credit, as the tests of the open items need it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from documents.case import Case
from documents.models import Document
from inventory.services.entries import StockEntry, record_opening
from masterdata.models import Article, Partner
from payments.models import OpenItem
from tests.factories.documents import act, draft, follow, line, make_series, submitted
from tests.factories.masterdata import make_article, make_masterdata, make_partner, make_warehouse
from tests.factories.tenancy import make_actor
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

D = Decimal


@dataclass
class Books:
    company: Company
    actor: Actor
    customer: Partner  # no limit
    goods: Article  # 19 %, 10.00, on stock
    advice: Article  # 19 %, 100.00, a service

    def sell(self, kind: str, *lines: Any, partner: Partner | None = None, **values: Any) -> Case:
        return submitted(self.company, self.actor, draft(kind, partner or self.customer, *lines, **values))

    def invoice(
        self,
        quantity: str = "10",
        partner: Partner | None = None,
        price: Decimal | None = None,
        **values: Any,
    ) -> Case:
        """A posted invoice of the service, 119.00 gross apiece."""
        facts = {"supply_from": timezone.localdate(), **values}
        case = self.sell("sales_invoice", line(self.advice, quantity, price=price), partner=partner, **facts)
        if case.document.state == "pending":
            case = act(case, "approve", self.actor)
        if case.document.state == "approved":
            case = act(case, "post", self.actor)
        assert case.document.state == "posted", case.document.state
        return case

    def follow(self, kind: str, *sources: Case, **values: Any) -> Case:
        return follow(self.company, self.actor, kind, *sources, **values)

    def credit(self, invoice: Case, quantity: str, reason_kind: str = "quantity") -> Case:
        """A posted credit of so many of the invoice's first line."""
        picks = {invoice.lines[0].pk: quantity}
        case = self.follow("credit_note", invoice, picks=picks, reason_kind=reason_kind)
        act(case, "submit", self.actor)
        case = act(case, "approve", self.actor)
        if case.document.state == "approved":
            case = act(case, "post", self.actor)
        assert case.document.state == "posted"
        return case

    def items(self, case: Case) -> list[OpenItem]:
        return list(OpenItem.objects.filter(document=case.document.pk).order_by("position"))

    def paid(self, case: Case) -> str:
        return Document.objects.get(pk=case.document.pk).payment


@pytest.fixture
def books(company: Company) -> Books:
    system = make_masterdata(company)
    make_series(company)
    company.vat_id, company.tax_number, company.four_eyes = "DE136695976", "15/123/45678", "off"
    company.save()
    house = make_warehouse(system, is_default=True)
    actor = make_actor(company, ["administrator"])
    goods = make_article(system, standard_cost=D("4.00"))
    entry = StockEntry(goods.uuid, house.uuid, D(10000), "taken over", unit_cost=D(4))
    record_opening(actor=actor, entry=entry)
    return Books(
        company=company,
        actor=actor,
        customer=make_partner(system, tax_status="regular"),
        goods=goods,
        advice=make_article(
            system, kind="service", stock_managed=False, tax_class="standard", list_price=D(100)
        ),
    )
