"""What an administrator reads and does on the pages, beyond what each service does."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from tests.administration.test_admin import values_of
from valeo.administration.modeladmin import FigureInput
from valeo.administration.sections import Section
from valeo.tenancy.models import Branch, Company, FiscalYear, RoleGroup, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client_for: Callable[..., Client]) -> Client:
    client = client_for("administrator")
    client.post("/language/", {"language": "de"})
    return client


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def test_the_first_page_is_ordered_by_what_one_comes_for(administrator: Client) -> None:
    shown = administrator.get("/admin/").context["app_list"]
    assert [part["app_label"] for part in shown] == list(Section.values)
    labels = {entry["object_name"] for part in shown for entry in part["models"]}
    assert {"Company", "NumberSeries", "TaxRule", "ReleaseRule", "AuditEntry"} <= labels


def test_it_is_framed_like_every_other_page(administrator: Client, company: Company) -> None:
    page = administrator.get("/admin/tenancy/branch/").content.decode()
    assert company.name in page
    assert 'class="nav"' in page
    assert "admin/css/" not in page


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("numbering/numberseries", "Nummernkreise"),
        ("tenancy/branding", "Briefbögen"),
        ("tenancy/period", "Perioden"),
        ("masterdata/taxrule", "Steuerregeln"),
    ],
)
def test_a_list_is_headed_by_what_its_rows_are(administrator: Client, address: str, title: str) -> None:
    assert heading(administrator.get(f"/admin/{address}/").content.decode()) == title


def test_dates_and_yes_and_no_are_written_as_people_write_them(
    administrator: Client, company: Company
) -> None:
    Branch.objects.create(company=company, code="OPEN", name="Open")
    Branch.objects.create(company=company, code="SHUT", name="Shut", is_active=False)
    page = administrator.get("/admin/tenancy/branch/").content.decode()
    assert re.findall(r'<td class="field-is_active[^"]*">(\w+)</td>', page) == ["ja", "nein"]
    year = FiscalYear.objects.order_by("start").first()
    assert year is not None
    german = administrator.get("/admin/tenancy/fiscalyear/").content.decode()
    assert year.start.strftime("%d.%m.%Y") in german
    administrator.post("/language/", {"language": "en"})
    english = administrator.get("/admin/tenancy/fiscalyear/").content.decode()
    assert f"{year.start.day} {year.start:%b %Y}" in english


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("19.000"), "19"), (Decimal("7.80"), "7.8"), (Decimal(100), "100"), (None, None), ("x", "x")],
)
def test_a_figure_has_no_zeros_that_only_the_database_needs(value: object, shown: str | None) -> None:
    assert FigureInput().format_value(value) == shown


def test_an_empty_list_says_what_belongs_there_and_a_search_that_nothing_matches(
    administrator: Client,
) -> None:
    assert "Hier steht, was hinzugefügt wird." in administrator.get("/admin/tenancy/branch/").content.decode()
    found = administrator.get("/admin/tenancy/user/?q=nirgends").content.decode()
    assert "Nichts passt dazu" in found


@pytest.mark.parametrize(
    ("start", "end", "field", "text"),
    [
        ("2099-12-31", "2099-01-01", "end", "Der letzte Tag liegt vor dem ersten."),
        ("2099-01-01", "2100-06-30", "end", "höchstens 12 Monate"),
    ],
)
def test_what_is_wrong_with_a_fiscal_year_stands_beside_its_field(
    administrator: Client, start: str, end: str, field: str, text: str
) -> None:
    before = FiscalYear.objects.count()
    page = administrator.post("/admin/tenancy/fiscalyear/add/", {"start": start, "end": end})
    assert text in "".join(page.context["adminform"].form.errors[field])
    assert FiscalYear.objects.count() == before


def test_a_fiscal_year_with_days_of_another_is_refused_in_words(administrator: Client) -> None:
    year = FiscalYear.objects.order_by("start").first()
    assert year is not None
    middle = year.start + dt.timedelta(days=40)
    answer = administrator.post(
        "/admin/tenancy/fiscalyear/add/", {"start": middle, "end": year.end + dt.timedelta(days=30)}
    )
    (text,) = answer.context["adminform"].form.errors["start"]
    assert text == "Ein Teil dieser Tage gehört schon zu einem anderen Geschäftsjahr."


def test_the_next_fiscal_year_is_proposed(administrator: Client) -> None:
    last = FiscalYear.objects.order_by("-end").first()
    assert last is not None
    proposed = values_of(administrator, "/admin/tenancy/fiscalyear/add/")
    assert proposed["start"] == last.end + dt.timedelta(days=1)
    assert administrator.post("/admin/tenancy/fiscalyear/add/", proposed).status_code == 302
    assert FiscalYear.objects.filter(start=proposed["start"]).exists()


def test_a_negative_approval_limit_is_refused_beside_its_field(administrator: Client) -> None:
    role = RoleGroup.objects.get(code="manager")
    address = f"/admin/tenancy/rolegroup/{role.pk}/change/"
    page = administrator.post(address, {**values_of(administrator, address), "approval_limit": "-1"})
    assert list(page.context["adminform"].form.errors) == ["approval_limit"]
    role.refresh_from_db()
    assert role.approval_limit is None


def test_rights_are_shown_in_words(administrator: Client) -> None:
    page = administrator.get("/admin/tenancy/rolegroup/add/").content.decode()
    assert "Verkauf: freigeben" in page


def test_what_is_typed_is_kept_where_something_can_be_saved(administrator: Client) -> None:
    page = administrator.get("/admin/tenancy/branch/add/").content.decode()
    assert 'data-draft="admin:tenancy.branch:new"' in page
    entry = administrator.get("/admin/audit/auditentry/").context["cl"].result_list[0]
    assert (
        "data-draft" not in administrator.get(f"/admin/audit/auditentry/{entry.pk}/change/").content.decode()
    )


def test_a_weak_password_is_refused_in_our_words_beside_its_field(administrator: Client) -> None:
    facts = {"username": "neu", "full_name": "Neu", "language": "de", "new_password": "kurz"}
    page = administrator.post("/admin/tenancy/user/add/", facts)
    errors = page.context["adminform"].form.errors
    assert list(errors) == ["new_password"]
    assert errors["new_password"][0].startswith("Dieses Kennwort ist zu kurz.")
    assert not User.objects.filter(username="neu").exists()
