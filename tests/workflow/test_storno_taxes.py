"""A storno stands under the taxes of its original, to the cent, whatever master data says since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from documents.case import Case
from documents.inputs import AllowanceInput
from documents.models import Document, TaxGroup
from documents.selectors.cases import load_case
from documents.services import drafts
from documents.states import State
from masterdata.models import Partner, TaxCode, TaxRate, TaxRule
from payments.models import OpenItem
from tests.factories.documents import act, again, discount, follow, line
from tests.factories.steps import content, credit, delivery, edited, exceptions, order, posted_invoice
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.audit.selectors import verify
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal
_GROUP = (
    "tax_code_id",
    "category",
    "rate",
    "net",
    "tax",
    "gross",
    "exemption_code",
    "net_company",
    "tax_company",
)


def another_rate(_world: World) -> None:
    """The rate was entered wrongly and is corrected backwards."""
    TaxRate.objects.filter(percent=7, valid_to=None).update(percent=8)


def no_rule(_world: World) -> None:
    TaxRule.objects.all().delete()


def a_customer_abroad(world: World) -> None:
    Partner.objects.filter(pk=world.customer.pk).update(country="FR", vat_id="")


CHANGES = (another_rate, no_rule, a_customer_abroad)


def groups(case: Case) -> list[tuple[object, ...]]:
    return list(
        TaxGroup.objects.filter(document=case.document).order_by("category", "rate").values_list(*_GROUP)
    )


def cancelling(case: Case) -> Case:
    found = Document.objects.filter(links_in__source_document=case.document, links_in__relation="cancels")
    return load_case(found.distinct().get().pk)


def same_taxes(storno: Case, original: Case) -> None:
    assert groups(storno) == groups(original)
    names = ("tax_code_id", "tax_category", "tax_rate", "net_amount")
    pairs = zip(storno.lines, original.lines, strict=True)
    assert all(getattr(mine, name) == getattr(theirs, name) for mine, theirs in pairs for name in names)
    assert not any(row.tax_manual for row in storno.lines)


@pytest.mark.parametrize("change", CHANGES)
def test_the_storno_has_its_original_s_taxes(world: World, change: Callable[[World], None]) -> None:
    _order, _done, bill = posted_invoice(world, line(world.wheat, "9.7"), line(world.lime, "3"))
    change(world)
    act(bill, "cancel", world.accountant, "Wrong")
    storno = cancelling(bill)
    assert storno.document.state == State.PENDING
    assert exceptions(storno) == {}
    storno = act(storno, "approve", world.manager)
    assert storno.document.state == State.POSTED
    same_taxes(again(storno), bill)
    assert not OpenItem.objects.exclude(open_amount=0).exists()
    told = verify(world.company).problems  # master data was changed past its services
    assert [row for row in told if not row.startswith("masterdata")] == []


@pytest.mark.parametrize("change", CHANGES[:2])
def test_a_storno_that_was_opened_in_the_editor_keeps_them(
    world: World, change: Callable[[World], None]
) -> None:
    _order, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    storno, _successor = correct(document_id=bill.document.pk, actor=world.accountant)
    change(world)
    same_taxes(edited(world, storno, description="Wheat, as invoiced"), bill)


def test_the_successor_finds_its_tax_as_any_invoice(world: World) -> None:
    _order, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    another_rate(world)
    storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    assert (storno.lines[0].tax_rate, successor.lines[0].tax_rate) == (7, 8)
    act(storno, "submit", world.accountant)
    act(again(storno), "approve", world.manager)
    assert {again(case).document.state for case in (storno, successor)} == {State.POSTED}
    assert again(successor).document.tax_total == D("192.00")


def test_another_code_in_a_storno_is_refused_and_taken_back(world: World) -> None:
    _order, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    storno, _successor = correct(document_id=bill.document.pk, actor=world.accountant)
    other = TaxCode.objects.filter(rates__percent=19, category="S").first()
    assert other is not None
    bent = edited(world, storno, tax_code_id=other.pk)
    assert bent.lines[0].tax_manual
    refused(bent, "submit", world.accountant, "storno-differs")
    same_taxes(edited(world, bent, tax_code_id=None), bill)


def test_a_freight_with_a_tax_of_its_own(world: World) -> None:
    """19 % freight beside 7 % and 19 % goods is not spread over both when it is cancelled."""
    code = TaxCode.objects.filter(rates__percent=19, category="S").first()
    assert code is not None
    freight = AllowanceInput(is_charge=True, amount=D("119.99"), tax_code_id=code.pk)
    first = order(world, line(world.wheat, "2"), line(world.lime, "4"))
    bill = edited_head(world, invoice_draft(world, delivery(world, first)), freight)
    act(bill, "cancel", world.accountant, "Wrong")
    storno = act(cancelling(bill), "approve", world.manager)
    same_taxes(again(storno), again(bill))


def test_a_freight_with_a_tax_that_no_line_has_keeps_its_code(world: World) -> None:
    code = TaxCode.objects.filter(rates__percent=19, category="S").first()
    assert code is not None
    freight = AllowanceInput(is_charge=True, amount=D("119.99"), tax_code_id=code.pk)
    first = order(world, line(world.wheat, "2"))
    bill = edited_head(world, invoice_draft(world, delivery(world, first)), freight)
    act(bill, "cancel", world.accountant, "Wrong")
    storno = act(cancelling(bill), "approve", world.manager)
    codes = [[row.tax_code_id for row in again(case).allowances if row.is_charge] for case in (bill, storno)]
    assert codes == [[code.pk], [code.pk]]


def invoice_draft(world: World, source: Case) -> Case:
    return follow(world.company, world.accountant, "sales_invoice", source)


def edited_head(world: World, case: Case, *allowances: AllowanceInput) -> Case:
    """The draft with a freight and a discount, posted."""
    data = replace(content(case), allowances=(*allowances, discount("2")))
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=case.document.pk, data=data,
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    done = act(again(case), "submit", world.accountant)
    if done.document.state == State.PENDING:  # the freight's own tax code is a person's to decide
        done = act(done, "approve", world.manager)
    return done if done.document.state == State.POSTED else act(done, "post", world.accountant)


def test_the_invoice_that_takes_a_credit_note_back(world: World) -> None:
    _order, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    wrong = credit(world, bill, "quantity", {bill.lines[0].pk: "4"}, reopens=True)
    wrong = act(
        act(act(wrong, "submit", world.accountant), "approve", world.manager), "post", world.accountant
    )
    another_rate(world)
    act(again(wrong), "cancel", world.accountant, "He keeps them")
    counter = cancelling(wrong)
    assert counter.document.state == State.POSTED
    same_taxes(counter, wrong)


def test_a_credit_stands_under_the_tax_of_the_invoice(world: World) -> None:
    """§ 17 UStG: what reduces a supply is corrected with the rate at which it was taxed."""
    _order, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    another_rate(world)
    made = credit(world, bill, "quantity", {bill.lines[0].pk: "4"}, reopens=True)
    assert (made.lines[0].tax_rate, made.lines[0].tax_manual) == (7, False)
    made = act(act(act(made, "submit", world.accountant), "approve", world.manager), "post", world.accountant)
    assert made.document.tax_total == D("67.20")


def test_an_original_with_a_tax_chosen_by_hand_asks_nobody_again(world: World) -> None:
    code = TaxCode.objects.filter(rates__percent=19, category="S").first()
    assert code is not None
    draft = invoice_draft(world, delivery(world, order(world, line(world.wheat, "10"))))
    bill = act(edited(world, draft, tax_code_id=code.pk), "submit", world.accountant)
    assert set(exceptions(bill)) == {"manual-tax"}
    bill = act(bill, "approve", world.manager)
    bill = bill if bill.document.state == State.POSTED else act(bill, "post", world.accountant)
    act(bill, "cancel", world.accountant, "Wrong tax")
    storno = cancelling(bill)
    assert exceptions(storno) == {}
    same_taxes(again(act(storno, "approve", world.manager)), bill)
