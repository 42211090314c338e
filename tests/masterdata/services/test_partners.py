"""Creating, changing, blocking partners: rights, checks, numbers, audit, four eyes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from masterdata import guarded
from masterdata.guarded import GuardedChange
from masterdata.kinds import TaxStatus
from masterdata.models import Partner, PartnerBankAccount, PartnerTaxStatus, PaymentTerm
from masterdata.services.partner_finance import (
    StatusSpan,
    apply_guarded_change,
    remove_bank_account,
    save_bank_account,
    set_tax_statuses,
)  # fmt: skip
from masterdata.services.partner_parts import remove_contact, save_address, save_contact
from masterdata.services.partners import block_partner, create_partner, unblock_partner, update_partner
from numbering.models import IssuedNumber
from tests.factories.masterdata import make_partner
from tests.masterdata.conftest import as_role
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import Conflict, NotFound, NotPermitted, Refused
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

IBAN = "DE89370400440532013000"


def fields(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {violation.field for violation in error.value.violations}


def test_a_new_partner_gets_numbers_terms_status_and_an_entry(clerk: Actor) -> None:
    partner = create_partner(actor=clerk, values={"name": "Hof Müller", "city": "Husum", "is_supplier": True})
    assert (partner.customer_number, partner.supplier_number) == ("C00001", "S00001")
    assert partner.payment_term == PaymentTerm.objects.get(code="N30")
    assert [row.status for row in partner.tax_statuses.all()] == [TaxStatus.REGULAR]
    assert set(IssuedNumber.objects.values_list("document_uuid", flat=True)) == {partner.uuid}
    entry = AuditEntry.objects.get(action="partner.create")
    assert entry.object_id == partner.pk
    assert entry.label == "C00001"
    assert entry.data["content"]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"country": "CH"}, TaxStatus.THIRD_COUNTRY), ({"country": "FR"}, TaxStatus.EU_BUSINESS),
        ({"legal_form": "consumer"}, TaxStatus.CONSUMER), ({"legal_form": "public"}, TaxStatus.PUBLIC_BODY),
        ({"country": "FR", "legal_form": "consumer"}, TaxStatus.CONSUMER),
    ],
)  # fmt: skip
def test_the_tax_status_follows_form_and_country(boss: Actor, values: dict[str, Any], status: str) -> None:
    assert make_partner(boss, **values).tax_statuses.get().status == status


HOSTILE = {
    "name": "A\x00B", "credit_limit": Decimal(99999999999999999), "vat_id": "DE123456789",
    "country": "Germany", "currency": "€", "email": "no mail", "tolerance": Decimal(101), "legal_form": "ltd",
    "self_billing_agreed_on": date(1900, 1, 1), "e_address": "x", "notes": "x" * 2001,
}  # fmt: skip


def test_all_reasons_at_once_and_nothing_is_stored(boss: Actor) -> None:
    with pytest.raises(Refused) as caught:
        create_partner(actor=boss, values=HOSTILE)
    assert fields(caught) >= {*HOSTILE, "e_address_scheme"} - {"e_address"}
    assert not Partner.objects.exists()
    assert not IssuedNumber.objects.exists()
    assert not AuditEntry.objects.filter(action="partner.create").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "   "}, "name"),
        ({"is_customer": False}, "is_customer"),
        ({"name": "\u202eevil\ue000"}, "name"),
        ({"credit_limit": Decimal(-1)}, "credit_limit"),
        ({"legal_form": "public", "buyer_reference": "991-03730-18"}, "buyer_reference"),
        ({"invoice_format": "peppol"}, "e_address"),
        ({"uuid": uuid4()}, "uuid"),
        ({"blocked": True}, "blocked"),
    ],
)
def test_what_is_refused(boss: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        create_partner(actor=boss, values={"name": "Ordinary", **values})
    assert field in fields(caught)


def test_identifiers_are_tidied(boss: Actor) -> None:
    partner = make_partner(boss, vat_id="de 136 695 976", buyer_reference="991-03730-19", legal_form="public")
    assert partner.vat_id == "DE136695976"
    assert make_partner(boss, country="CH", vat_id="CHE-116.281.710").vat_id == "CHE116281710"


CHECKED: dict[str, Any] = {
    "country": "AT", "vat_id": "ATU37675002", "vat_id_valid": True, "vat_id_checked_on": date(2026, 1, 5),
    "vat_id_check_reference": "evatr 1",
}  # fmt: skip


def check_of(partner: Partner) -> tuple[bool | None, date | None, str]:
    partner.refresh_from_db()
    return partner.vat_id_valid, partner.vat_id_checked_on, partner.vat_id_check_reference


@pytest.mark.parametrize("new", ["ATU33864707", ""])
def test_another_vat_id_was_not_checked(boss: Actor, new: str) -> None:
    """The form sends the old check along."""
    partner = make_partner(boss, **CHECKED)
    update_partner(actor=boss, uuid=partner.uuid, values={**CHECKED, "vat_id": new})
    assert check_of(partner) == (None, None, "")
    changes = AuditEntry.objects.filter(action="partner.change").latest("pk").changes
    assert changes["vat_id_valid"] == [True, None]


def test_a_refused_vat_id_says_nothing_of_the_next(boss: Actor) -> None:
    partner = make_partner(boss, **{**CHECKED, "vat_id_valid": False})
    update_partner(actor=boss, uuid=partner.uuid, values={"vat_id": "ATU33864707"})
    assert check_of(partner) == (None, None, "")


def test_a_vat_id_that_comes_with_its_check_keeps_it(boss: Actor) -> None:
    partner = make_partner(boss, **CHECKED)
    values = {**CHECKED, "vat_id": "ATU33864707", "vat_id_checked_on": date(2026, 2, 1)}
    update_partner(actor=boss, uuid=partner.uuid, values=values)
    assert check_of(partner) == (True, date(2026, 2, 1), "evatr 1")


def test_the_same_vat_id_written_otherwise_stays_checked(boss: Actor) -> None:
    partner = make_partner(boss, **CHECKED)
    update_partner(actor=boss, uuid=partner.uuid, values={"vat_id": "at u37 675 002"})
    assert check_of(partner) == (True, date(2026, 1, 5), "evatr 1")


def test_the_same_name_is_asked_about(boss: Actor) -> None:
    make_partner(boss, name="Müller Landhandel")
    with pytest.raises(Refused) as caught:
        create_partner(actor=boss, values={"name": "MUELLER  landhandel"})
    assert caught.value.violations[0].code == "duplicate-name"
    assert create_partner(actor=boss, values={"name": "Müller Landhandel"}, accept_duplicate=True).pk


def test_another_companys_rows_do_not_exist(boss: Actor, other_company: Company) -> None:
    with company_scope(other_company.pk):
        foreign = Partner.objects.create(company=other_company, name="Foreign")
    with pytest.raises(Refused) as caught:
        create_partner(actor=boss, values={"name": "Ours", "bill_to": foreign})
    assert fields(caught) == {"bill_to"}
    with pytest.raises(NotFound):
        update_partner(actor=boss, uuid=foreign.uuid, values={})
    with pytest.raises(NotFound):
        block_partner(actor=boss, uuid=foreign.uuid, reason="x")


def test_the_warehouse_may_not_write(boss: Actor) -> None:
    partner = make_partner(boss)
    warehouse = as_role(boss, "warehouse")
    with pytest.raises(NotPermitted):
        create_partner(actor=warehouse, values={"name": "X"})
    with pytest.raises(NotPermitted):
        update_partner(actor=warehouse, uuid=partner.uuid, values={"name": "X"})
    partner.refresh_from_db()
    assert partner.name != "X"


@pytest.mark.parametrize("values", [{"credit_limit": Decimal(5)}, {"payment_term": "N0"}])
def test_limits_and_terms_need_finance(boss: Actor, clerk: Actor, values: dict[str, Any]) -> None:
    partner = make_partner(boss)
    if "payment_term" in values:
        values = {"payment_term": PaymentTerm.objects.get(code=values["payment_term"])}
    for call in (
        lambda: create_partner(actor=clerk, values={"name": "New", **values}),
        lambda: update_partner(actor=clerk, uuid=partner.uuid, values=values),
    ):
        with pytest.raises(NotPermitted) as caught:
            call()
        assert caught.value.missing == ("finance:write",)
    update_partner(actor=as_role(boss, "accountant"), uuid=partner.uuid, values=values)


def test_a_stale_version_is_a_conflict(boss: Actor) -> None:
    partner = make_partner(boss)
    update_partner(actor=boss, uuid=partner.uuid, values={"city": "Kiel"}, expected_version=1)
    with pytest.raises(Conflict):
        update_partner(actor=boss, uuid=partner.uuid, values={"city": "Bonn"}, expected_version=1)
    partner.refresh_from_db()
    assert (partner.city, partner.version) == ("Kiel", 2)


def test_nothing_changed_leaves_no_trace(boss: Actor) -> None:
    partner = make_partner(boss)
    count = AuditEntry.objects.count()
    update_partner(actor=boss, uuid=partner.uuid, values={"city": partner.city})
    partner.refresh_from_db()
    assert (partner.version, AuditEntry.objects.count()) == (1, count)


def test_a_block_needs_a_reason(boss: Actor) -> None:
    partner = make_partner(boss)
    with pytest.raises(Refused) as caught:
        block_partner(actor=boss, uuid=partner.uuid, reason=" ")
    assert fields(caught) == {"blocked_reason"}
    assert block_partner(actor=boss, uuid=partner.uuid, reason="Unpaid since spring").blocked
    assert not unblock_partner(actor=boss, uuid=partner.uuid).blocked


def test_invoices_go_to_one_that_pays_itself(boss: Actor) -> None:
    head = make_partner(boss)
    branch = make_partner(boss, bill_to=head)
    for uuid, bill_to in ((head.uuid, head), (make_partner(boss).uuid, branch)):
        with pytest.raises(Refused) as caught:
            update_partner(actor=boss, uuid=uuid, values={"bill_to": bill_to})
        assert fields(caught) == {"bill_to"}


def test_contacts_and_addresses(clerk: Actor) -> None:
    partner = make_partner(clerk)
    first = save_contact(
        actor=clerk, partner_uuid=partner.uuid, values={"last_name": "Petersen", "is_default": True}
    )
    second = save_contact(
        actor=clerk, partner_uuid=partner.uuid, values={"last_name": "Jensen", "is_default": True}
    )
    assert [one.pk for one in partner.contacts.filter(is_default=True)] == [second.pk]
    save_contact(actor=clerk, partner_uuid=partner.uuid, uuid=first.uuid, values={"phone": "04841 1"})
    remove_contact(actor=clerk, partner_uuid=partner.uuid, uuid=second.uuid)
    assert [one.phone for one in partner.contacts.all()] == ["04841 1"]
    with pytest.raises(Refused) as caught:
        save_address(actor=clerk, partner_uuid=partner.uuid, values={"gln": "4000001000006", "country": "D"})
    assert fields(caught) == {"gln", "street", "country"}
    with pytest.raises(NotFound):
        save_contact(
            actor=clerk, partner_uuid=make_partner(clerk).uuid, uuid=first.uuid, values={"phone": "1"}
        )
    partner.refresh_from_db()
    assert partner.version == 5


@pytest.fixture
def gate() -> Iterator[list[GuardedChange]]:
    """Four eyes are on: every guarded change is kept."""
    kept: list[GuardedChange] = []

    def keep(_journal: Journal, _partner: Partner, changes: Sequence[GuardedChange]) -> bool:
        kept.extend(changes)
        return True

    former = guarded._Registry.gate
    guarded.register_change_gate(keep)
    yield kept
    guarded._Registry.gate = former


def test_a_credit_limit_waits_for_a_second_person(boss: Actor, gate: list[GuardedChange]) -> None:
    partner = make_partner(boss, credit_limit=Decimal(1000))
    done = update_partner(
        actor=boss,
        uuid=partner.uuid,
        values={"credit_limit": Decimal(5000), "city": "Kiel"},
        reason="Good payer",
    )
    assert done.withheld == (GuardedChange("credit_limit", "1000.00", "5000.00", "Good payer"),)
    assert gate == list(done.withheld)
    partner.refresh_from_db()
    assert (partner.credit_limit, partner.city) == (1000, "Kiel")
    change = gate[0]
    apply_guarded_change(
        actor=boss, partner_uuid=partner.uuid, field=change.field, old=change.old, new=change.new
    )
    partner.refresh_from_db()
    assert partner.credit_limit == 5000
    with pytest.raises(Conflict):
        apply_guarded_change(
            actor=boss, partner_uuid=partner.uuid, field=change.field, old=change.old, new=change.new
        )


def test_without_a_gate_the_limit_applies_at_once(boss: Actor) -> None:
    partner = make_partner(boss)
    assert update_partner(actor=boss, uuid=partner.uuid, values={"credit_limit": Decimal(0)}).withheld == ()
    partner.refresh_from_db()
    assert partner.credit_limit == 0
    done = update_partner(
        actor=boss, uuid=partner.uuid, values={"credit_limit": Decimal(9)}, apply_guarded=False
    )
    assert len(done.withheld) == 1
    partner.refresh_from_db()
    assert partner.credit_limit == 0


def test_bank_accounts(boss: Actor, clerk: Actor) -> None:
    partner = make_partner(boss)
    with pytest.raises(NotPermitted):
        save_bank_account(actor=clerk, partner_uuid=partner.uuid, values={"iban": IBAN})
    with pytest.raises(Refused) as caught:
        save_bank_account(actor=boss, partner_uuid=partner.uuid, values={"iban": IBAN[:-1] + "1", "bic": "X"})
    assert fields(caught) == {"iban", "bic"}
    assert not partner.bank_accounts.exists()
    save_bank_account(actor=boss, partner_uuid=partner.uuid, values={"iban": "de89 3704 0044 0532 0130 00"})
    account = partner.bank_accounts.get()
    assert account.iban == IBAN
    remove_bank_account(actor=boss, partner_uuid=partner.uuid, uuid=account.uuid)
    assert not partner.bank_accounts.exists()


def test_a_bank_account_waits_and_is_applied(boss: Actor, gate: list[GuardedChange]) -> None:
    partner = make_partner(boss)
    change = save_bank_account(
        actor=boss, partner_uuid=partner.uuid, values={"iban": IBAN, "is_default": True}
    )
    assert change is not None
    assert gate == [change]
    assert not PartnerBankAccount.objects.exists()
    apply_guarded_change(
        actor=boss, partner_uuid=partner.uuid, field=change.field, old=change.old, new=change.new
    )
    assert partner.bank_accounts.get().is_default


def test_tax_statuses_do_not_overlap(boss: Actor) -> None:
    partner = make_partner(boss)
    overlapping = [
        StatusSpan("regular", None, date(2026, 6, 30)),
        StatusSpan("small_business", date(2026, 6, 30)),
    ]
    for spans in (overlapping, [], [StatusSpan("duke")]):
        with pytest.raises(Refused):
            set_tax_statuses(actor=boss, partner_uuid=partner.uuid, spans=spans)
    assert [row.status for row in PartnerTaxStatus.objects.filter(partner=partner)] == ["regular"]
    set_tax_statuses(
        actor=boss,
        partner_uuid=partner.uuid,
        spans=[
            StatusSpan("regular", None, date(2026, 6, 29)),
            StatusSpan("small_business", date(2026, 6, 30)),
        ],
    )
    assert PartnerTaxStatus.objects.filter(partner=partner).count() == 2


def test_a_tax_status_waits_and_is_applied(boss: Actor, gate: list[GuardedChange]) -> None:
    partner = make_partner(boss)
    change = set_tax_statuses(actor=boss, partner_uuid=partner.uuid, spans=[StatusSpan("flat_rate_farmer")])
    assert change is not None
    assert gate == [change]
    assert partner.tax_statuses.get().status == "regular"
    apply_guarded_change(
        actor=boss, partner_uuid=partner.uuid, field=change.field, old=change.old, new=change.new
    )
    assert partner.tax_statuses.get().status == "flat_rate_farmer"
