"""The world of the browser tests, made by the services and committed: ``python -m tests.e2e.scene FILE``.

Two companies. In the first: four people of the story and an administrator per language, a customer of the story
whose account is empty, and another customer with documents of all kinds and states for looking at.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402 - needs Django set up by the line above

from documents.case import Case  # noqa: E402
from documents.services.carry import carried, line_of  # noqa: E402
from documents.services.drafts import create_draft, update_draft  # noqa: E402
from inventory.services.entries import StockEntry, record_opening  # noqa: E402
from masterdata.models import Article, Partner, PaymentTerm, PriceList  # noqa: E402
from masterdata.services.articles import UnitRow  # noqa: E402
from tests.factories.documents import (  # noqa: E402
    act,
    again,
    discount,
    draft,
    follow,
    freight,
    line,
    make_series,
    submitted,
)
from tests.factories.masterdata import (  # noqa: E402
    add_price,
    make_article,
    make_masterdata,
    make_partner,
    make_price_list,
    make_warehouse,
    unit,
)  # fmt: skip
from tests.factories.tenancy import make_company, make_member  # noqa: E402
from valeo.tenancy.actor import Actor  # noqa: E402
from valeo.tenancy.models import Branding, Company  # noqa: E402
from valeo.tenancy.scope import company_scope  # noqa: E402
from valeo.tenancy.selectors import actor_for  # noqa: E402
from workflow.services.begin import today_in  # noqa: E402
from workflow.services.perform import correct  # noqa: E402

D = Decimal
WAITING = 12
PEOPLE = {
    "anke": ("Anke Thomsen", "operator", "de"),
    "jens": ("Jens Brodersen", "warehouse", "de"),
    "maren": ("Maren Clausen", "manager", "en"),
    "ole": ("Ole Hansen", "accountant", "de"),
    "chef": ("Chris Feddersen", "administrator", "de"),
    "chief": ("Chris Feddersen", "administrator", "en"),
    "pruefer": ("Petra Rüfer", "auditor", "de"),
    "lina": ("Lina Petersen", "operator", "de"),
}


def main(target: Path) -> None:
    with transaction.atomic():
        company = make_company(
            "NAH", name="Nordsaat Agrarhandel GmbH", vat_id="DE136695976", tax_number="15/123/45678",
            bank_name="Nord-Ostsee Sparkasse", iban="DE02120300000000202051", email="post@nordsaat.example", phone="04841 1234",
        )  # fmt: skip
        people = {
            name: make_member(company, role, username=name, full_name=full, language=language)
            for name, (full, role, language) in PEOPLE.items()
        }
        actors = {name: actor_for(member.user, company) for name, member in people.items()}
        with company_scope(company.pk):
            told = _company(company, actors)
        other = make_company("MUH", name="Mühlenhof Landhandel GmbH")
        make_member(other, "administrator", username="fremd", full_name="Frida Fremd", language="de")
        with company_scope(other.pk):
            told["foreign"] = _foreign(other)
    target.write_text(json.dumps(told, indent=1), encoding="utf-8")


def _articles(system: Actor) -> tuple[Article, Article, PriceList]:
    """Wheat by the tonne at 7 %, lime by the sack and priced by the tonne at 19 %, and stock of both."""
    store = make_warehouse(system, is_default=True, code="HUS", name="Husum, Außenhafen")
    make_warehouse(system, code="BRE", name="Bredstedt")
    prices = make_price_list(system, code="HOF", name="Hofkunden")
    wheat = make_article(
        system, "TNE", name_de="Futterweizen lose", name_en="Feed wheat, loose", tax_class="reduced", list_price=D(250),
        standard_cost=D(180), tolerance=D(5),
    )  # fmt: skip
    lime = make_article(
        system, "KGM", units=[UnitRow(unit=unit("XSA"), factor=D(25))], sales_unit=unit("XSA"), price_unit=unit("TNE"),
        name_de="Kohlensaurer Kalk, Sack 25 kg", name_en="Carbonate of lime, bag of 25 kg", tax_class="standard",
        list_price=D(375), standard_cost=D("0.20"),
    )  # fmt: skip
    add_price(system, prices, "240.00", article=wheat, unit=unit("TNE"))
    add_price(system, prices, "230.00", article=wheat, unit=unit("TNE"), from_quantity=D(20))
    for article, quantity, cost in ((wheat, "5000", "180"), (lime, "500000", "0.20")):
        entry = StockEntry(article.uuid, store.uuid, D(quantity), "Eröffnungsbestand", unit_cost=D(cost))
        record_opening(actor=system, entry=entry)
    return wheat, lime, prices


def _company(company: Company, actors: dict[str, Actor]) -> dict[str, Any]:
    system = make_masterdata(company)
    make_series(company)
    wheat, lime, prices = _articles(system)
    story = make_partner(
        system, name="Hof Petersen GbR", street="Süderreihe 7", postal_code="25842", city="Langenhorn",
        tax_status="regular", price_list=prices, credit_limit=D("20000.00"),
    )  # fmt: skip
    partner = make_partner(
        system, name="Gut Adlersand KG", street="Deichweg 1", postal_code="25889", city="Uelvesbüll",
        tax_status="regular", credit_limit=D("50000.00"),
    )  # fmt: skip
    breaker = make_partner(
        system, name="Claus Bruch", street="Kirchweg 2", city="Bredstedt", tax_status="regular"
    )
    told: dict[str, Any] = {
        "company": str(company.uuid),
        "branding": Branding.objects.get().pk,
        "company_pk": company.pk,
    }
    told["partners"] = {"story": _who(story), "shown": _who(partner), "breaker": _who(breaker)}
    told["articles"] = {"wheat": _what(wheat), "lime": _what(lime)}
    told["price_list"] = str(prices.uuid)
    told["price"] = prices.prices.order_by("pk")[0].pk
    told["term"] = str(PaymentTerm.objects.order_by("pk")[0].uuid)
    told["documents"] = _documents(company, actors, partner, breaker, wheat, lime)
    return told


def _documents(
    company: Company,
    actors: dict[str, Actor],
    partner: Partner,
    breaker: Partner,
    wheat: Article,
    lime: Article,
) -> dict[str, str]:
    """One chain through all five kinds with its correction, and one document in each other state."""
    clerk, store, accountant, manager = actors["anke"], actors["jens"], actors["ole"], actors["maren"]
    quotation = submitted(
        company, clerk,
        draft("quotation", partner, line(wheat, "20"), line(lime, "40"), allowances=(discount("3"), freight("120.00"))),
    )  # fmt: skip
    order = act(follow(company, clerk, "sales_order", quotation), "submit", clerk)
    delivery = act(follow(company, store, "delivery_note", order), "submit", store)
    invoice = act(follow(company, accountant, "sales_invoice", delivery), "submit", accountant)
    storno, successor = correct(document_id=invoice.document.pk, actor=accountant)
    act(storno, "submit", accountant)
    act(storno, "approve", manager)
    pending = submitted(
        company, clerk,
        draft("sales_order", partner, line(wheat, "2"), line(lime, "1", price=D(0), free_reason="sample")),
    )  # fmt: skip
    open_order = submitted(company, clerk, draft("sales_order", breaker, line(wheat, "12"), line(lime, "20")))
    undelivered = submitted(company, clerk, draft("sales_order", breaker, line(wheat, "3")))
    unbilled = act(follow(company, store, "delivery_note", undelivered), "submit", store)
    written = create_draft(
        company=company,
        actor=clerk,
        data=draft("quotation", partner, line(wheat, "4")),
        today=today_in(company),
    )
    rejected = submitted(
        company, clerk, draft("sales_order", partner, line(lime, "2", price=D(0), free_reason="sample"))
    )
    act(rejected, "reject", manager, "Keine Muster mehr in diesem Jahr")
    corrected, waiting = _to_decide(company, actors, partner, wheat, lime)
    cases = {
        "quotation": quotation, "sales_order": order, "delivery_note": delivery, "sales_invoice": invoice,
        "credit_note": storno, "successor": successor, "pending": pending, "open_order": open_order,
        "unbilled": unbilled, "draft": written, "rejected": rejected, "corrected": corrected,
        **{f"waiting_{index}": case for index, case in enumerate(waiting)},
    }  # fmt: skip
    return {name: str(again(case).document.uuid) for name, case in cases.items()}


def _to_decide(
    company: Company, actors: dict[str, Actor], partner: Partner, wheat: Article, lime: Article
) -> tuple[Case, list[Case]]:
    """For the approvals: a correction of a price, and more orders with a free line than the list can show at once."""
    clerk, store, accountant = actors["anke"], actors["jens"], actors["ole"]
    order = submitted(company, clerk, draft("sales_order", partner, line(wheat, "4"), line(lime, "8")))
    delivery = act(follow(company, store, "delivery_note", order), "submit", store)
    invoice = act(follow(company, accountant, "sales_invoice", delivery), "submit", accountant)
    _storno, successor = correct(document_id=invoice.document.pk, actor=accountant)
    now = again(successor)
    first, *others = (line_of(now, row, None, None, keep_id=True) for row in now.lines)
    data = carried(now, kind=now.document.kind, relation=None, measure=None)
    update_draft(
        company=company, actor=accountant, document_id=now.document.pk, expected_version=None, today=today_in(company),
        data=replace(data, lines=(replace(first, price=D("249.00")), *others)),
    )  # fmt: skip
    act(successor, "submit", accountant)
    free = line(lime, "1", price=D(0), free_reason="sample")
    waiting = [
        submitted(company, actors["lina"], draft("sales_order", partner, line(wheat, "1"), free))
        for _each in range(WAITING)
    ]
    return successor, waiting


def _foreign(company: Company) -> dict[str, str]:
    """Another company's partner, article and order."""
    system = make_masterdata(company)
    make_series(company)
    store = make_warehouse(system, is_default=True)
    partner = make_partner(system, tax_status="regular")
    article = make_article(system, "TNE", tax_class="reduced", list_price=D(250))
    record_opening(
        actor=system, entry=StockEntry(article.uuid, store.uuid, D(10), "Eröffnung", unit_cost=D(1))
    )
    order = submitted(company, system, draft("sales_order", partner, line(article, "1")))
    return {"document": str(order.document.uuid), "partner": str(partner.uuid), "article": str(article.uuid)}


def _who(partner: Partner) -> dict[str, str]:
    return {"uuid": str(partner.uuid), "number": partner.customer_number, "name": partner.name}


def _what(article: Article) -> dict[str, str]:
    return {"uuid": str(article.uuid), "number": article.number, "name": article.name_de}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
