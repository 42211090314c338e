from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.tenancy import make_actor, make_company, make_user
from valeo.administration.services import companies
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotFound, NotPermitted, Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import PeriodState, VatScheme
from valeo.tenancy.models import (
    Branch,
    Branding,
    Company,
    CompanyVatScheme,
    FiscalYear,
    Period,
    RoleGroup,
    User,
)
from valeo.tenancy.scopes import ROLE_SCOPES
from valeo.tenancy.selectors import actor_for, period_state, vat_scheme

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {violation.code for violation in refusal.value.violations}


def test_a_company_comes_with_roles_years_branding_and_an_entry() -> None:
    founder = make_user("gruenderin")
    company = companies.create_company(code="AG", name="Agrar GmbH", by=founder, owner=founder)
    roles = RoleGroup.everywhere.filter(company=company)
    assert set(roles.values_list("code", flat=True)) == set(ROLE_SCOPES)
    years = FiscalYear.everywhere.filter(company=company)
    assert years.count() == 2
    assert Period.everywhere.filter(company=company, state=PeriodState.OPEN).count() == 24
    assert Branding.everywhere.filter(company=company, branch=None).count() == 1
    assert actor_for(founder, company).has("admin:all")
    actions = list(
        AuditEntry.everywhere.filter(company=company).order_by("seq").values_list("action", "user_id")
    )
    assert actions == [("company.create", founder.pk), ("member.add", founder.pk)]


def test_a_fiscal_year_that_begins_in_july() -> None:
    company = make_company(fiscal_year_start_month=7, first_fiscal_year=dt.date(2024, 2, 1))
    labels = list(
        FiscalYear.everywhere.filter(company=company).order_by("start").values_list("label", flat=True)
    )
    assert labels[0] == "2023/24"
    assert period_state(company.pk, dt.date(2023, 7, 1)) == PeriodState.OPEN
    assert period_state(company.pk, dt.date(2023, 6, 30)) == "none"


def test_every_fault_of_a_new_company_is_told_and_nothing_is_made() -> None:
    with pytest.raises(Refused) as refusal:
        companies.create_company(
            code="zu lang und klein", name="", currency="Euro", country="D", time_zone="Mond"
        )
    assert {violation.field for violation in refusal.value.violations} >= {
        "code", "name", "currency", "country", "time_zone",
    }  # fmt: skip
    assert not Company.objects.exists()


def test_wrong_check_digits_are_refused_all_at_once(company: Company, actor: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        companies.update_company(actor=actor, iban="DE00 1234", bic="X", vat_id="DE123", city="Kiel")
    assert codes(refusal) == {"iban-invalid", "bic-invalid", "vat_id-invalid"}
    company.refresh_from_db()
    assert company.city == "Husum"
    assert not AuditEntry.everywhere.filter(action="company.change").exists()


def test_a_change_is_audited_with_old_and_new(company: Company, actor: Actor) -> None:
    companies.update_company(actor=actor, city="Kiel", iban="de89 3704 0044 0532 0130 00")
    company.refresh_from_db()
    assert (company.city, company.iban) == ("Kiel", "DE89370400440532013000")
    entry = AuditEntry.everywhere.get(company=company, action="company.change")
    assert entry.changes == {"city": ["Husum", "Kiel"], "iban": ["", "DE89370400440532013000"]}


def test_no_change_leaves_no_entry(company: Company, actor: Actor) -> None:
    companies.update_company(actor=actor, city=company.city)
    assert not AuditEntry.everywhere.filter(action="company.change").exists()


@pytest.mark.parametrize(("field", "value"), [("code", "NEU"), ("currency", "USD")])
def test_what_numbers_and_ledgers_stand_on_is_fixed(
    company: Company, actor: Actor, field: str, value: str
) -> None:
    with pytest.raises(Refused) as refusal:
        companies.update_company(actor=actor, **{field: value})
    assert codes(refusal) == {f"{field}-fixed"}


def test_only_an_administrator_changes_the_company(company: Company) -> None:
    with pytest.raises(NotPermitted) as refusal:
        companies.update_company(actor=make_actor(company, ["accountant", "manager"]), city="Kiel")
    assert refusal.value.missing == ("admin:all",)
    company.refresh_from_db()
    assert company.city == "Husum"


def test_a_branch_of_another_company_is_not_found(
    company: Company, other_company: Company, actor: Actor
) -> None:
    foreign = Branch.everywhere.create(company=other_company, code="X", name="Fremd")
    with pytest.raises(NotFound):
        companies.save_branch(actor=actor, branch=foreign, name="Meins")
    foreign.refresh_from_db()
    assert foreign.name == "Fremd"
    assert company.pk != foreign.company_id


def test_a_branch_code_is_taken_once(company: Company, actor: Actor) -> None:
    companies.save_branch(actor=actor, code="N", name="Nord")
    with pytest.raises(Refused):
        companies.save_branch(actor=actor, code="N", name="Noch einmal")
    assert Branch.everywhere.filter(company=company).count() == 1


def test_a_vat_scheme_follows_the_one_before(company: Company, actor: Actor) -> None:
    companies.set_vat_scheme(actor=actor, scheme=VatScheme.FLAT_RATE_24, valid_from=dt.date(2026, 1, 1))
    assert vat_scheme(company.pk, dt.date(2025, 12, 31)) == VatScheme.REGULAR
    assert vat_scheme(company.pk, dt.date(2026, 1, 1)) == VatScheme.FLAT_RATE_24
    with pytest.raises(Refused) as refusal:
        companies.set_vat_scheme(actor=actor, scheme=VatScheme.REGULAR, valid_from=dt.date(2026, 1, 1))
    assert codes(refusal) == {"scheme-later"}
    assert CompanyVatScheme.everywhere.filter(company=company).count() == 2


def test_the_first_company_of_an_installation() -> None:
    User.objects.create_superuser("chefin", "Rapsfeld im Mai 26", full_name="Chefin")
    with pytest.raises(CommandError, match="niemand"):
        call_command("create_company", "AG", "Agrar GmbH", owner="niemand")
    with pytest.raises(CommandError, match="code:"):
        call_command("create_company", "agrar", "Agrar GmbH", owner="chefin")
    assert not Company.objects.exists()
    call_command("create_company", "AG", "Agrar GmbH", owner="Chefin", stdout=StringIO())
    assert actor_for(User.objects.get(), Company.objects.get()).has("admin:all")
