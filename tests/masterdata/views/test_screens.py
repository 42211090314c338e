"""The screens: lists, pages, forms, rights, type-ahead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from masterdata import hooks
from masterdata.models import Article, Partner, PaymentTerm, Price, PriceList, TaxCode
from tests.factories.masterdata import add_price, make_article, make_partner, make_price_list, unit
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

SignIn = Callable[..., Client]
LISTS = ("partners", "articles", "price-lists", "terms")


@pytest.fixture
def clerk_browser(boss: Actor, client_for: SignIn) -> Client:
    return client_for("operator")


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["operator", "warehouse", "auditor", "accountant"])
def test_everybody_who_reads_sees_the_lists(boss: Actor, client_for: SignIn, name: str, role: str) -> None:
    assert client_for(role).get(reverse(f"masterdata:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["partner-new", "article-new", "price-list-new", "term-new"])
def test_who_may_not_write_gets_no_form(boss: Actor, client_for: SignIn, name: str) -> None:
    assert client_for("auditor").get(reverse(f"masterdata:{name}")).status_code == 403
    expected = 403 if name == "term-new" else 200
    assert client_for("operator").get(reverse(f"masterdata:{name}")).status_code == expected


def test_search_filter_and_sort(boss: Actor, clerk_browser: Client) -> None:
    make_partner(boss, name="Müller", city="Bonn")
    make_partner(boss, name="Petersen", city="Aachen", is_supplier=True)
    url = reverse("masterdata:partners")
    assert "Petersen" not in text(clerk_browser.get(url, {"q": "mueller bonn"}))
    page = text(clerk_browser.get(url, {"role": "supplier"}))
    assert "Petersen" in page
    assert "Müller" not in page
    page = text(clerk_browser.get(url, {"sort": "city"}))
    assert page.index("Petersen") < page.index("Müller")
    page = text(clerk_browser.get(url, {"sort": "-city"}))
    assert page.index("Petersen") > page.index("Müller")


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "password"}, {"q": "\x00%_'"}, {"after": "x" * 2000}, {"after": "WyJ4Iiw5XQ"}, {"size": "9999"},
        {"after": "WyJhIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"}, {"role": "king"}, {"group": "'"}, {"before": "é"},
        {"sort": "changed", "after": "WyJhIiwgMV0"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", LISTS)
def test_hostile_queries(boss: Actor, clerk_browser: Client, name: str, query: dict[str, str]) -> None:
    assert clerk_browser.get(reverse(f"masterdata:{name}"), query).status_code == 200


def test_pages_lead_there_and_back(boss: Actor, clerk_browser: Client) -> None:
    rows = [
        Partner(company_id=boss.company_id, name=f"N{n}", sort_name=f"N{n // 3:03}", search_text="N")
        for n in range(60)
    ]
    Partner.objects.bulk_create(rows)
    url = reverse("masterdata:partners")
    first = clerk_browser.get(url, {"size": "25"})
    second = clerk_browser.get(url + first.context["older"])
    third = clerk_browser.get(url + second.context["older"])
    seen = [row.pk for answer in (first, second, third) for row in answer.context["page"].rows]
    assert len(seen) == len(set(seen)) == 60
    assert third.context["older"] == ""
    back = clerk_browser.get(url + third.context["newer"])
    assert [row.pk for row in back.context["page"].rows] == [row.pk for row in second.context["page"].rows]
    assert clerk_browser.get(url + back.context["newer"]).context["newer"] == ""


def test_live_update_sends_the_table_alone(boss: Actor, clerk_browser: Client) -> None:
    make_partner(boss)
    answer = text(clerk_browser.get(reverse("masterdata:partners"), headers={"X-Valeo-Live": "1"}))
    assert answer.lstrip().startswith('<div id="partner-rows"')
    assert "<html" not in answer


@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_no_more_for_more_rows(boss: Actor, clerk_browser: Client, name: str) -> None:
    def more() -> None:
        make_partner(boss)
        article, price_list = make_article(boss), make_price_list(boss)
        add_price(boss, price_list, "1", article=article)
        term = PaymentTerm.objects.create(
            company_id=boss.company_id, code=str(uuid4())[:8], name_de="x", name_en="x"
        )
        term.instalments.create(company_id=boss.company_id)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert clerk_browser.get(reverse(f"masterdata:{name}")).status_code == 200
        return len(queries)

    more()
    count()  # what is read once per process
    one = count()
    more()
    more()
    assert count() == one


def post_partner(**values: Any) -> dict[str, Any]:
    facts = {
        "name": "Hof Petersen", "country": "DE", "currency": "EUR", "legal_form": "business", "is_customer": "on",
        "invoice_format": "pdf", "storno_type_code": "381", "vat_id_valid": "unknown",
    }  # fmt: skip
    return {**facts, **values}


def test_create_and_change_a_partner(boss: Actor, clerk_browser: Client) -> None:
    answer = clerk_browser.post(reverse("masterdata:partner-new"), post_partner(tolerance="4,5"))
    assert answer.status_code == 303, text(answer)
    partner = Partner.objects.get()
    assert (partner.name, partner.tolerance) == ("Hof Petersen", Decimal("4.5"))
    assert "Hof Petersen" in text(clerk_browser.get(answer["Location"]))
    url = reverse("masterdata:partner-edit", args=[partner.uuid])
    assert 'value="4,5"' in text(clerk_browser.get(url))
    answer = clerk_browser.post(
        url, post_partner(name="Hof P.", version="1", customer_number=partner.customer_number)
    )
    assert answer.status_code == 303, text(answer)
    answer = clerk_browser.post(
        url, post_partner(name="Late", version="1", customer_number=partner.customer_number)
    )
    assert answer.status_code == 409
    assert "Late" in text(answer), "what was typed stays"
    partner.refresh_from_db()
    assert partner.name == "Hof P."


def test_errors_stand_beside_their_fields(boss: Actor, clerk_browser: Client) -> None:
    answer = clerk_browser.post(
        reverse("masterdata:partner-new"), post_partner(vat_id="DE1", bill_to="nobody", tolerance="1.2.3")
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"bill_to", "tolerance"}
    answer = clerk_browser.post(reverse("masterdata:partner-new"), post_partner(vat_id="DE1", name="A\x07"))
    assert answer.status_code == 422
    assert {"vat_id", "name"} <= set(answer.context["form"].errors)
    assert not Partner.objects.exists()


def test_a_twin_is_asked_about_and_can_be_made(boss: Actor, clerk_browser: Client) -> None:
    make_partner(boss, name="Hof Petersen")
    url = reverse("masterdata:partner-new")
    answer = clerk_browser.post(url, post_partner())
    assert answer.status_code == 422
    assert "accept_duplicate" in text(answer)
    assert clerk_browser.post(url, post_partner(accept_duplicate="on")).status_code == 303


def test_the_clerk_cannot_raise_a_limit(boss: Actor, clerk_browser: Client, client_for: SignIn) -> None:
    partner = make_partner(boss)
    url = reverse("masterdata:partner-edit", args=[partner.uuid])
    assert "credit_limit" not in text(clerk_browser.get(url))
    clerk_browser.post(url, post_partner(credit_limit="9999", customer_number=partner.customer_number))
    partner.refresh_from_db()
    assert partner.credit_limit is None
    answer = client_for("accountant").post(
        url, post_partner(credit_limit="9.999,50", customer_number=partner.customer_number)
    )
    assert answer.status_code == 303, text(answer)
    partner.refresh_from_db()
    assert partner.credit_limit == Decimal("9999.50")


def test_block_and_unblock(boss: Actor, clerk_browser: Client) -> None:
    partner = make_partner(boss)
    url = reverse("masterdata:partner-block", args=[partner.uuid])
    assert clerk_browser.post(url, {"reason": ""}).status_code == 422
    assert clerk_browser.post(url, {"reason": "Unpaid"}).status_code == 302
    assert "Unpaid" in text(clerk_browser.get(reverse("masterdata:partner", args=[partner.uuid])))
    clerk_browser.post(url, {"action": "unblock"})
    partner.refresh_from_db()
    assert not partner.blocked


def test_parts_of_a_partner(boss: Actor, client_for: SignIn) -> None:
    partner = make_partner(boss)
    browser = client_for("accountant")
    args = [partner.uuid]
    contact = {"last_name": "Jensen", "role": "general"}
    assert browser.post(reverse("masterdata:contact-new", args=args), contact).status_code == 303
    address = {"street": "Weg 1", "city": "Kiel", "country": "DE", "kind": "delivery"}
    assert browser.post(reverse("masterdata:address-new", args=args), address).status_code == 303
    account = reverse("masterdata:bank-account-new", args=args)
    assert browser.post(account, {"iban": "DE1"}).status_code == 422
    assert browser.post(account, {"iban": "DE89370400440532013000", "active": "on"}).status_code == 303
    rows = {
        "rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "1", "rows-0-status": "regular", "rows-0-valid_to": "2026-12-31",
        "rows-1-status": "flat_rate_farmer", "rows-1-valid_from": "2027-01-01",
    }  # fmt: skip
    status = reverse("masterdata:tax-status", args=args)
    assert browser.get(status).status_code == 200
    assert browser.post(status, rows).status_code == 303
    assert partner.tax_statuses.count() == 2
    page = text(browser.get(reverse("masterdata:partner", args=args)))
    for part in ("Jensen", "Weg 1", "DE89370400440532013000", "31.12.2026"):
        assert part in page
    for kind, row in (
        ("contacts", partner.contacts),
        ("addresses", partner.addresses),
        ("bank-accounts", partner.bank_accounts),
    ):
        url = reverse("masterdata:part-remove", args=[partner.uuid, kind, row.get().uuid])
        assert browser.post(url).status_code == 302
        assert not row.exists()


def post_article(**values: Any) -> dict[str, Any]:
    facts = {
        "name_de": "Weizen", "kind": "item", "stock_unit": unit("TNE").pk, "tax_class": "reduced", "list_price": "1.234,50",
        "stock_managed": "on", "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-unit": unit("XSA").pk,
        "rows-0-factor": "0,025",
    }  # fmt: skip
    return {**facts, **values}


def test_create_and_change_an_article(boss: Actor, clerk_browser: Client) -> None:
    answer = clerk_browser.post(reverse("masterdata:article-new"), post_article())
    assert answer.status_code == 303, text(answer)
    article = Article.objects.get()
    assert (article.list_price, article.units.get().factor) == (Decimal("1234.5"), Decimal("0.025"))
    assert "0,025" in text(clerk_browser.get(answer["Location"]))
    url = reverse("masterdata:article-edit", args=[article.uuid])
    assert clerk_browser.get(url).status_code == 200
    changed = post_article(**{
        "number": article.number, "rows-INITIAL_FORMS": "1", "rows-0-DELETE": "on", "version": "1",
    })  # fmt: skip
    answer = clerk_browser.post(url, changed)
    assert answer.status_code == 303, (answer.context["form"].errors, answer.context["rows"].errors)
    assert not article.units.exists()
    answer = clerk_browser.post(
        url, post_article(**{"rows-0-factor": "0", "rows-0-gtin": "12", "number": "X"})
    )
    assert answer.status_code == 422
    assert {"gtin"} <= set(answer.context["rows"].forms[0].errors)


def test_prices_of_a_list(boss: Actor, clerk_browser: Client) -> None:
    article = make_article(boss)
    answer = clerk_browser.post(
        reverse("masterdata:price-list-new"),
        {
            "code": "HOF",
            "name": "Hof",
            "side": "sales",
            "currency": "EUR",
            "price_mode": "net",
            "active": "on",
        },
    )
    assert answer.status_code == 303, text(answer)
    price_list = PriceList.objects.get()
    new = reverse("masterdata:price-new", args=[price_list.uuid])
    assert clerk_browser.get(new).status_code == 200
    assert clerk_browser.post(new, {"article": "nothing", "price": "1"}).status_code == 422
    assert clerk_browser.post(new, {"article": article.number, "price": "9,95"}).status_code == 303
    price = Price.objects.get()
    assert price.price == Decimal("9.95")
    page = reverse("masterdata:price-list", args=[price_list.uuid])
    assert "9,95" in text(clerk_browser.get(page, {"q": article.name_de}))
    assert "9,95" in text(clerk_browser.get(reverse("masterdata:article", args=[article.uuid])))
    assert clerk_browser.get(reverse("masterdata:price", args=[price_list.uuid, price.pk])).status_code == 200
    clerk_browser.post(reverse("masterdata:price-remove", args=[price_list.uuid, price.pk]))
    assert not Price.objects.exists()


def test_terms_of_the_accountant(boss: Actor, client_for: SignIn) -> None:
    browser = client_for("accountant")
    rows = {
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-share": "50",
        "rows-0-skonto_base": "gross",
    }
    new = reverse("masterdata:term-new")
    facts = {"code": "X", "name_de": "X", "name_en": "X", "active": "on", **rows}
    assert browser.get(new).status_code == 200
    assert browser.post(new, facts).status_code == 422
    assert browser.post(new, {**facts, "rows-0-share": "100"}).status_code == 303
    term = PaymentTerm.objects.get(code="X")
    url = reverse("masterdata:term", args=[term.uuid])
    assert browser.get(url).status_code == 200
    facts |= {"rows-INITIAL_FORMS": "1", "rows-0-share": "100", "rows-0-days": "20", "version": "1"}
    assert browser.post(url, facts).status_code == 303
    assert term.instalments.get().days == 20


@pytest.mark.parametrize(
    "name",
    [
        "partner",
        "partner-edit",
        "partner-block",
        "contact-new",
        "tax-status",
        "article",
        "article-edit",
        "price-list",
        "price-new",
        "term",
    ],
)
def test_another_companys_things_are_not_there(
    boss: Actor, other_company: Company, client_for: SignIn, name: str
) -> None:
    with company_scope(other_company.pk):
        foreign = {
            "p": Partner.objects.create(company=other_company, name="F"),
            "t": PaymentTerm.objects.create(company=other_company, code="F", name_de="F", name_en="F"),
        }
    row = foreign["t"] if name == "term" else foreign["p"]
    browser = client_for("accountant")
    url = reverse(f"masterdata:{name}", args=[row.uuid])
    method = browser.post if name == "partner-block" else browser.get
    assert method(url).status_code == 404
    assert browser.get(reverse("masterdata:partner", args=[uuid4()])).status_code == 404


def results(answer: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_type_ahead_for_partners(boss: Actor, clerk_browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_partner(boss, name="Andersen, bei Petersen", city="Kiel")
    best = make_partner(boss, name="Petersen", city="Husum")
    make_partner(boss, name="Petersen alt", is_customer=True, city="Bonn")
    url = reverse("masterdata:lookup-partners")
    monkeypatch.setattr(hooks._registry, "free_credit", lambda ids: dict.fromkeys(ids, Decimal(-5)))
    rows = results(clerk_browser.get(url, {"q": "petersen"}))
    assert [row["label"] for row in rows] == ["Petersen", "Petersen alt", "Andersen, bei Petersen"]
    assert rows[0]["tone"] == "warn"
    assert results(clerk_browser.get(url, {"q": best.customer_number.lower()}))[0]["id"] == str(best.uuid)
    assert [row["sub"] for row in results(clerk_browser.get(url, {"q": "kiel"}))] == ["25813 Kiel"]
    assert results(clerk_browser.get(url, {"q": "petersen", "side": "purchase"})) == []
    assert results(clerk_browser.get(url, {"q": "nobody\x00 %"})) == []
    assert len(results(clerk_browser.get(url))) == 3


def test_what_is_not_there_is_said_in_words(boss: Actor, clerk_browser: Client) -> None:
    for name, text in (
        ("partners", "Diesen Partner gibt es nicht."),
        ("articles", "Diesen Artikel gibt es nicht."),
    ):
        answer = clerk_browser.get(
            reverse(f"masterdata:lookup-{name}"), {"q": "nobody"}, headers={"accept-language": "de"}
        ).json()
        assert answer == {"results": [], "none": text}


def test_type_ahead_for_articles(boss: Actor, clerk_browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article(boss, name_de="Weizen", gtin="4006381333931")
    price_list = make_price_list(boss)
    add_price(boss, price_list, "7.77", article=article)
    partner = make_partner(boss, price_list=price_list)
    url = reverse("masterdata:lookup-articles")
    monkeypatch.setattr(hooks._registry, "availability", lambda ids: dict.fromkeys(ids, Decimal(12)))
    assert "10,00" in results(clerk_browser.get(url, {"q": "weiz"}))[0]["right"]
    (row,) = results(clerk_browser.get(url, {"q": "4006381333931", "partner": partner.customer_number}))
    assert "7,77" in row["right"]
    assert "12" in row["right"]


def test_admin_pages(boss: Actor, client_for: SignIn) -> None:
    browser = client_for("administrator")
    for name in (
        "unit",
        "warehouse",
        "taxcode",
        "taxrule",
        "paymentterm",
        "articlegroup",
        "partnergroup",
        "carrier",
    ):
        assert browser.get(f"/admin/masterdata/{name}/").status_code == 200
    assert browser.get("/admin/masterdata/taxcode/add/").status_code == 200
    answer = browser.post("/admin/masterdata/unit/add/", {
        "code": "XRO", "name_de": "Rolle", "name_en": "roll", "symbol_de": "Rl.", "symbol_en": "roll", "decimals": "0",
        "factor": "1", "active": "on",
    })  # fmt: skip
    assert answer.status_code == 302, text(answer)
    assert unit("XRO").version == 1
    assert client_for("operator").get("/admin/masterdata/unit/").status_code in (302, 403)


def test_rates_of_a_tax_code_in_the_admin(boss: Actor, client_for: SignIn) -> None:
    browser = client_for("administrator")
    code = TaxCode.objects.get(code="V24")
    facts = {
        "code": "V24", "name_de": "x", "name_en": "x", "direction": "input", "category": "S", "active": "on",
        "rates-TOTAL_FORMS": "2", "rates-INITIAL_FORMS": "0", "rates-0-percent": "7.8", "rates-0-valid_to": "2026-12-31",
        "rates-1-percent": "7.5", "rates-1-valid_from": "2026-12-31",
    }  # fmt: skip
    url = f"/admin/masterdata/taxcode/{code.pk}/change/"
    answer = browser.post(url, facts)
    assert answer.status_code == 200, "the two rates hold on the same day"
    assert code.rates.count() == 3
    answer = browser.post(url, {**facts, "rates-1-valid_from": "2027-01-01"})
    assert answer.status_code == 302, answer.context["errors"]
    assert [str(row.percent) for row in code.rates.order_by("valid_from")] == ["7.500", "7.800"]
