"""Between saving a draft, submitting and posting it the world may change: a tax that is another one by now is a block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from documents.case import Case
from documents.services import drafts
from documents.states import State
from masterdata.models import Article, Partner, PaymentTermInstalment, TaxCode, TaxRule
from masterdata.services.partners import update_partner
from tests.factories.documents import act, again, draft, line
from tests.factories.masterdata import make_article, make_partner, set_status
from tests.factories.steps import drafted, edited
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.tenancy.models import CompanyVatScheme
from valeo.tenancy.selectors import system_actor
from workflow.models import ReleaseRule
from workflow.services.begin import today_in

D = Decimal
AUSTRIAN: dict[str, Any] = {
    "country": "AT",
    "postal_code": "5020",
    "city": "Salzburg",
    "vat_id": "ATU37675002",
}


def advice(**values: Any) -> Any:
    return line(None, "1", description="Beratung", price=D(100), unit="HUR", **values)


def abroad(world: World) -> Partner:
    return make_partner(system_actor(world.company.pk), "eu_business", **AUSTRIAN)


def goods(world: World) -> Article:
    return make_article(system_actor(world.company.pk), tax_class="standard", stock_managed=False)


def to_austria(world: World) -> Case:
    """A draft invoice of 0 % as an intra-Community supply."""
    case = drafts.create_draft(
        company=world.company, actor=world.accountant, today=today_in(world.company),
        data=draft("sales_invoice", abroad(world), line(goods(world), "1")),
    )  # fmt: skip
    assert [row.tax_category for row in case.lines] == ["K"]
    return case


def vat_id_refused(case: Case) -> None:
    Partner.objects.filter(pk=case.document.partner_id).update(vat_id_valid=False)


def another_status(case: Case) -> None:
    set_status(case.document.partner, "consumer")


def another_class(case: Case) -> None:
    Article.objects.filter(pk=case.lines[0].article_id).update(tax_class="exempt")


def another_rule(case: Case) -> None:
    TaxRule.objects.filter(code_id=case.lines[0].tax_code_id).update(code=TaxCode.objects.get(code="UFREI"))


CHANGES = (vat_id_refused, another_status, another_class, another_rule)


@pytest.mark.parametrize("change", CHANGES)
def test_since_the_draft(world: World, change: Callable[[Case], None]) -> None:
    case = to_austria(world)
    change(case)
    error = refused(again(case), "submit", world.accountant, "tax-changed")
    assert error.violations[0].line == 1
    assert "Entwurf" in str(error)


@pytest.mark.parametrize("change", CHANGES)
def test_since_the_approval(world: World, change: Callable[[Case], None]) -> None:
    case = act(to_austria(world), "submit", world.accountant)
    assert case.document.state == State.APPROVED
    change(case)
    refused(again(case), "post", world.accountant, "tax-changed")


def test_a_country_that_was_corrected_without_the_status(world: World) -> None:
    """Entered as German, corrected to Austria with its VAT ID: 19 % is no tax for him."""
    partner = make_partner(system_actor(world.company.pk))
    update_partner(actor=system_actor(world.company.pk), uuid=partner.uuid, values=AUSTRIAN)
    case = drafts.create_draft(
        company=world.company, actor=world.accountant, today=today_in(world.company),
        data=draft("sales_invoice", partner, line(goods(world), "1")),
    )  # fmt: skip
    error = refused(case, "submit", world.accountant, "tax-missing")
    assert "ATU37675002" in str(error)
    set_status(partner, "eu_business")
    case = edited(world, case)
    assert act(case, "submit", world.accountant).document.state == State.APPROVED


def test_what_did_not_change_is_posted(world: World) -> None:
    case = act(to_austria(world), "submit", world.accountant)
    assert act(again(case), "post", world.accountant).document.state == State.POSTED


def test_drafted_as_a_small_business_and_posted_as_a_regular_one(world: World) -> None:
    today = today_in(world.company)
    yesterday = today - dt.timedelta(days=1)
    CompanyVatScheme.everywhere.filter(company=world.company).delete()
    for scheme, first, last in (
        ("small_business_19", dt.date(2000, 1, 1), yesterday), ("regular", today, None),
    ):  # fmt: skip
        CompanyVatScheme.everywhere.create(
            company=world.company, scheme=scheme, valid_from=first, valid_to=last
        )
    case = drafts.create_draft(
        company=world.company, actor=world.accountant, today=yesterday,
        data=draft("sales_invoice", world.customer, advice()),
    )  # fmt: skip
    assert case.document.tax_total == 0
    error = refused(again(case), "submit", world.accountant, "tax-changed")
    assert "UKU" in str(error)
    assert "U19 (19" in str(error)
    case = act(edited(world, case), "submit", world.accountant)
    case = act(case, "post", world.accountant)
    assert again(case).document.tax_total == D(19)


def test_a_code_chosen_by_hand_stays(world: World) -> None:
    chosen = TaxCode.objects.get(code="U7")
    case = drafted(world, "sales_invoice", advice(tax_code_id=chosen.pk), actor=world.accountant)
    another = TaxCode.objects.get(code="UFREI")
    TaxRule.objects.filter(code__code="U19").update(code=another)
    assert act(case, "submit", world.accountant).document.state == State.PENDING


def test_terms_that_changed_say_in_words_what_they_are(world: World) -> None:
    """The draft is of yesterday, so its instalments are found anew; their words go with them."""
    ReleaseRule.objects.create(company=world.company, kind="sales_order", approval="always")
    yesterday = today_in(world.company) - dt.timedelta(days=1)
    case = drafts.create_draft(
        company=world.company, actor=world.clerk, today=yesterday,
        data=draft("sales_order", world.customer, line(world.wheat, "1")),
    )  # fmt: skip
    term = case.document.payment_term
    assert term is not None
    type(term).objects.filter(pk=term.pk).update(note_de="", note_en="")
    PaymentTermInstalment.objects.filter(term=term).update(days=17, skonto_days=7, skonto_percent=D(3))
    now = again(act(again(case), "submit", world.clerk))
    assert (now.instalments[0].due - now.document.document_date).days == 17
    assert "17" in now.document.terms_text
    assert "3" in now.document.terms_text
    assert now.document.terms_text != case.document.terms_text
