"""Tax codes and rules as the administrator reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from masterdata.kinds import Place, VatIdNeed
from masterdata.models import TaxCode, TaxRate, TaxRule
from valeo.tenancy.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(boss: Actor, client_for: Callable[..., Client]) -> Client:
    client = client_for("administrator")
    client.post("/language/", {"language": "de"})
    return client


def cells(client: Client, address: str, column: str) -> str:
    return " ".join(
        part.split("</td>")[0]
        for part in client.get(address).content.decode().split(f'class="field-{column}')[1:]
    )


def test_the_list_shows_the_rate_of_today_and_what_follows(browser: Client) -> None:
    code = TaxCode.objects.get(code="U19")
    today = timezone.localdate()
    code.rates.all().delete()
    later = today + dt.timedelta(days=10)
    for percent, start, end in ((16, None, today), (19, later, None)):
        TaxRate.objects.create(
            company_id=code.company_id, code=code, percent=percent, valid_from=start, valid_to=end
        )
    shown = cells(browser, "/admin/masterdata/taxcode/?q=U19", "rates_shown").replace("\u00a0", " ")
    assert f"16 %, 19 % ab {later:%d.%m.%Y}" in shown


def test_the_list_of_codes_asks_no_more_for_more_rows(browser: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/admin/masterdata/taxcode/").status_code == 200
        return len(seen)

    queries()
    many = queries()
    assert TaxCode.objects.count() > 3
    TaxRule.objects.all().delete()
    TaxCode.objects.exclude(code="U19").delete()
    assert queries() == many


def test_a_rule_says_what_it_asks_for_and_leaves_out_what_fits_everything(browser: Client) -> None:
    rule = TaxRule.objects.order_by("pk").first()
    assert rule is not None
    TaxRule.objects.exclude(pk=rule.pk).delete()
    TaxRule.objects.update(
        tax_class="standard",
        tax_status="",
        vat_scheme="",
        ship_from=Place.DOMESTIC,
        ship_to=Place.ANY,
        vat_id=VatIdNeed.ANY,
    )
    shown = cells(browser, "/admin/masterdata/taxrule/", "conditions")
    assert "Regelsatz · Eigenes Land → Überall" in shown
    assert "USt-IdNr" not in shown
    TaxRule.objects.update(tax_class="", ship_from=Place.ANY)
    assert "immer" in cells(browser, "/admin/masterdata/taxrule/", "conditions")


def test_what_a_check_of_the_row_refuses_stands_beside_its_field(browser: Client) -> None:
    facts = {
        "code": "U99", "name_de": "x", "name_en": "x", "direction": "output", "category": "AE",
        "rates-TOTAL_FORMS": "0", "rates-INITIAL_FORMS": "0",
    }  # fmt: skip
    page = browser.post("/admin/masterdata/taxcode/add/", facts)
    assert list(page.context["adminform"].form.errors) == ["exemption_text_de"]
    assert not TaxCode.objects.filter(code="U99").exists()
