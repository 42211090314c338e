"""A small company that has issued papers, and a store of its own for each test."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from documents.case import Case
from documents.models import Revision
from masterdata.models import Article, Partner
from tests.factories.documents import act, draft, line, make_series, submitted
from tests.factories.masterdata import make_article, make_masterdata, make_partner, make_warehouse
from tests.factories.tenancy import make_actor
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.services.begin import today_in


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """The archive's directory."""
    where = tmp_path / "archive"
    own = {"BACKEND": "archive.storage.WriteOnceStorage", "OPTIONS": {"location": str(where)}}
    settings.STORAGES = {**settings.STORAGES, "archive": own}
    settings.RATE_VERIFY = "1000/m"
    return where


@pytest.fixture(autouse=True)
def counters(db: None) -> None:
    caches["counters"].clear()


@dataclass
class World:
    company: Company
    clerk: Actor
    manager: Actor
    accountant: Actor
    customer: Partner
    service: Article

    def quotation(self, **values: Any) -> Case:
        return submitted(
            self.company, self.clerk, draft("quotation", self.customer, line(self.service, "2"), **values)
        )

    def invoice(self, **values: Any) -> Case:
        """Posted: a service needs no delivery."""
        facts = {"supply_from": today_in(self.company), **values}
        data = draft("sales_invoice", self.customer, line(self.service, "3"), **facts)
        return act(submitted(self.company, self.accountant, data), "post", self.accountant)


def revision_of(case: Case, number: int = 1) -> Revision:
    found: Revision = Revision.objects.get(
        document=case.document, number=number, state__in=["in_force", "superseded"]
    )
    return found


@pytest.fixture
def world(company: Company) -> World:
    system = make_masterdata(company)
    make_series(company)
    company.vat_id, company.tax_number = "DE136695976", "15/123/45678"
    company.save()
    make_warehouse(system, is_default=True)
    customer = make_partner(system, tax_status="regular")
    service = make_article(
        system,
        "HUR",
        kind="service",
        stock_managed=False,
        tax_class="standard",
        list_price=Decimal(85),
        standard_cost=Decimal(10),
    )
    return World(
        company, make_actor(company, ["operator"]), make_actor(company, ["manager"]),
        make_actor(company, ["accountant"]), customer, service,
    )  # fmt: skip
