"""Master data is compared with its last audit entry; lists keep their place; search folds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from masterdata.models import Article, Partner, PartnerBankAccount, Price, TaxRate, TaxRule, Unit
from masterdata.search import fold, fold_all
from masterdata.services.partner_finance import save_bank_account
from masterdata.services.partner_parts import save_contact
from masterdata.services.partners import update_partner
from masterdata.verifying import verify_masterdata
from tests.factories.masterdata import add_price, make_article, make_partner, make_price_list, make_warehouse
from valeo.audit.models import AuditEntry
from valeo.tenancy.actor import Actor


@pytest.fixture
def stocked(boss: Actor) -> Actor:
    """One of each, made and changed by the services."""
    partner, article = make_partner(boss), make_article(boss)
    save_contact(actor=boss, partner_uuid=partner.uuid, values={"last_name": "Jensen"})
    save_bank_account(actor=boss, partner_uuid=partner.uuid, values={"iban": "DE89370400440532013000"})
    update_partner(actor=boss, uuid=partner.uuid, values={"city": "Kiel"})
    add_price(boss, make_price_list(boss), "5", article=article)
    make_warehouse(boss)
    return boss


def test_what_the_services_wrote_verifies(stocked: Actor) -> None:
    assert list(verify_masterdata(stocked.company_id)) == []


def test_every_change_behind_the_services_is_found(stocked: Actor) -> None:
    def tampered() -> int:
        return len(list(verify_masterdata(stocked.company_id)))

    Partner.objects.update(credit_limit=Decimal(10**6))
    assert tampered() == 1
    Article.objects.update(standard_cost=Decimal(1))
    assert tampered() == 2
    Price.objects.update(price=Decimal(1))
    assert tampered() == 3
    TaxRate.objects.filter(code__code="U19", valid_to=None).update(percent=Decimal(18))
    assert tampered() == 4
    TaxRule.objects.filter(pk=TaxRule.objects.values("pk")[:1]).delete()
    assert tampered() == 5
    Unit.objects.create(company_id=stocked.company_id, code="ZZ", name_de="x", name_en="x")
    assert tampered() == 6


def test_a_changed_bank_account_is_found(stocked: Actor) -> None:
    PartnerBankAccount.objects.update(iban="DE02120300000000202051")
    assert len(list(verify_masterdata(stocked.company_id))) == 1


def test_personal_text_is_kept_out_of_the_hashed_entry(boss: Actor) -> None:
    partner = make_partner(boss, name="Anke Petersen", credit_limit=Decimal(7))
    update_partner(
        actor=boss,
        uuid=partner.uuid,
        values={"name": "Anke Jensen", "self_billing_agreed_on": date(2026, 1, 1)},
    )
    for entry in AuditEntry.objects.filter(object_id=partner.pk):
        assert "Anke" not in f"{entry.changes} {entry.data} {entry.label}"
    assert AuditEntry.objects.get(action="partner.change").changes["self_billing_agreed_on"] == [
        None,
        "2026-01-01",
    ]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller  & Söhne", "MUELLER & SOEHNE"),
        ("Straße", "STRASSE"),
        ("Café Łódź", "CAFE ŁODZ"),
        ("ß", "SS"),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_search_does_not_reach_across_two_fields() -> None:
    assert fold_all(("A1", "", "Öl")) == "| A1 | OEL"
