"""Limits and release in the administrator's site."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from documents import registry
from tests.administration.test_admin import values_of
from valeo.tenancy.models import Company
from workflow.models import CompanyLimits, ReleaseRule

pytestmark = pytest.mark.django_db
LIMITS = "/admin/workflow/companylimits/"
RULES = "/admin/workflow/releaserule/"


@pytest.fixture
def administrator(client_for: Callable[..., Client], company: Company) -> Client:
    return client_for("administrator")


def test_the_limits_are_one_form_that_begins_with_the_defaults(administrator: Client) -> None:
    assert administrator.get(LIMITS)["Location"] == f"{LIMITS}add/"
    values = values_of(administrator, f"{LIMITS}add/")
    assert values["max_discount_percent"] == Decimal(10)
    administrator.post(f"{LIMITS}add/", {**values, "min_margin_percent": "0", "max_discount_percent": "5"})
    row = CompanyLimits.objects.get()
    assert row.max_discount_percent == Decimal(5)
    assert administrator.get(LIMITS)["Location"] == f"{LIMITS}{row.pk}/change/"


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_discount_percent", "200"), ("max_discount_percent", "-1"), ("min_margin_percent", "100")],
)
def test_limits_that_make_no_sense_are_refused_beside_their_field(
    administrator: Client, field: str, value: str
) -> None:
    values = values_of(administrator, f"{LIMITS}add/")
    page = administrator.post(f"{LIMITS}add/", {**values, "min_margin_percent": "0", field: value})
    assert list(page.context["adminform"].form.errors) == [field]
    assert not CompanyLimits.objects.exists()


def test_the_list_shows_how_every_kind_is_released(administrator: Client, company: Company) -> None:
    ReleaseRule.objects.create(company=company, kind="sales_order", approval="always")
    kinds = {each["code"]: each for each in administrator.get(RULES).context["kinds"]}
    assert set(kinds) == {str(each.kind) for each in registry.all_types()}
    assert kinds["sales_order"]["release"].always
    assert kinds["sales_order"]["rule"] is not None
    assert kinds["quotation"]["rule"] is None


def test_a_rule_is_set_changed_and_taken_back(administrator: Client) -> None:
    facts = {"kind": "sales_order", "approval": "always", "post_on_release": "unknown"}
    assert administrator.post(f"{RULES}add/", facts).status_code == 302
    rule = ReleaseRule.objects.get()
    assert (rule.approval, rule.post_on_release) == ("always", None)
    address = f"{RULES}{rule.pk}/change/"
    assert 'name="kind"' not in administrator.get(address).content.decode()
    administrator.post(address, {"approval": "exception", "post_on_release": "false"})
    rule.refresh_from_db()
    assert (rule.kind, rule.approval, rule.post_on_release) == ("sales_order", "exception", False)
    assert administrator.get(f"{RULES}{rule.pk}/delete/").status_code == 200
    administrator.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"})
    assert not ReleaseRule.objects.exists()


def test_only_kinds_of_this_installation_are_offered(administrator: Client) -> None:
    form = administrator.get(f"{RULES}add/").context["adminform"].form
    offered = {code for code, _title in form.fields["kind"].choices if code}
    assert offered == {str(each.kind) for each in registry.all_types()}
