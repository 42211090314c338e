"""What a successor changes is told whatever it is; "nothing differs" is said only where that is true."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput
from documents.kinds import LineKind
from documents.services.drafts import update_draft
from masterdata.kinds import TaxCategory
from masterdata.models import PaymentTermInstalment, TaxCode
from tests.factories.documents import act, again, freight, line
from tests.factories.steps import content, delivery, invoice, order, posted_invoice
from tests.factories.world import World
from tests.workflow.test_inbox import browser
from valeo.core.components import formats
from valeo.tenancy.models import Company
from workflow.selectors import corrections
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal
Told = dict[str, tuple[str, str]]
NAMES_NOTHING = "Details differ that are not named here"


def saved(world: World, case: Case, data: DraftInput) -> None:
    update_draft(
        company=world.company, actor=world.accountant, document_id=case.document.pk, data=data,
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip


def corrected(world: World, bill: Case, change: Callable[[DraftInput], DraftInput]) -> tuple[Case, Case]:
    """The invoice and its successor, which is saved like this and waits."""
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    saved(world, successor, change(content(successor)))
    act(again(successor), "submit", world.accountant)
    return again(bill), again(successor)


def posted(world: World) -> Case:
    return posted_invoice(world, line(world.wheat, "10"), line(world.lime, "40"))[2]


def first(data: DraftInput, **values: Any) -> DraftInput:
    return replace(data, lines=(replace(data.lines[0], **values), *data.lines[1:]))


def told(original: Case, successor: Case, language: str = "en") -> Told:
    with translation.override(language):
        return {row.what: (row.old, row.new) for row in corrections.changed(original, successor)}


def shown(world: World, language: str = "en") -> str:
    page = browser(world.manager).get(reverse("workflow:inbox"), headers={"accept-language": language})
    return re.sub(r"\s+", " ", html.unescape(page.content.decode()))


LINE_FACTS: tuple[tuple[dict[str, Any], str, str, tuple[str, str]], ...] = (
    ({"detail": "Feed wheat"}, "Further text", "Weiterer Text", ("–", "Feed wheat")),
    ({"skonto_excluded": True}, "No cash discount", "Ohne Skonto", ("no", "yes")),
    ({"supply_from": dt.date(2026, 1, 5)}, "Supplied from", "Leistung von", ("", "5 Jan 2026")),
    ({"supply_to": dt.date(2027, 1, 6)}, "Supplied to", "Leistung bis", ("", "6 Jan 2027")),
    ({"account": "4711"}, "Account", "Konto", ("–", "4711")),
    ({"cost_center": "FIELD"}, "Cost centre", "Kostenstelle", ("–", "FIELD")),
    ({"discount_amount": D(12)}, "Discount, amount", "Rabatt, Betrag", ("–", "€12.00")),
)  # fmt: skip


@pytest.mark.parametrize("fact", range(len(LINE_FACTS)))
def test_each_fact_of_a_line(world: World, fact: int) -> None:
    change, english, german, values = LINE_FACTS[fact]
    original, successor = corrected(world, posted(world), lambda data: first(data, **change))
    before, after = told(original, successor)[f"Line 1: {english}"]
    assert (before, after) == (values[0] or before, values[1])
    assert f"Position 1: {german}" in told(original, successor, "de")
    assert not any(what.startswith("Line 2") for what in told(original, successor))
    assert "Nothing differs" not in shown(world)


def test_the_reason_of_a_free_line(world: World) -> None:
    free = line(world.wheat, "1", price=D(0), free_reason="sample")
    sold = act(order(world, line(world.wheat, "10"), free), "approve", world.manager)
    bill = act(invoice(world, delivery(world, sold)), "approve", world.manager)
    assert bill.document.state == "posted"

    def change(data: DraftInput) -> DraftInput:
        return replace(data, lines=(data.lines[0], replace(data.lines[1], free_reason="bonus")))

    original, successor = corrected(world, again(bill), change)
    assert told(original, successor) == {"Line 2: Reason of a free line": ("Sample", "Bonus")}


def test_the_day_that_the_terms_count_from(world: World) -> None:
    """It moves the due date: both are told."""
    original, successor = corrected(
        world, posted(world), lambda data: replace(data, terms_date=dt.date(2026, 1, 1))
    )
    found = told(original, successor)
    assert found["Terms count from"] == ("–", "1 Jan 2026")
    assert found["Due"] == tuple(
        ", ".join(f"{row.due.day} {row.due:%b %Y}" for row in case.instalments)
        for case in (original, successor)
    )
    assert found["Due"][0] != found["Due"][1]


def test_a_day_is_told_where_a_person_chose_it(world: World) -> None:
    """The day of posting is another one anyhow; a chosen one decides the period that the tax belongs to."""
    bill = posted(world)
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    data = replace(content(successor), document_date=dt.date(2026, 1, 5), posting_date=dt.date(2026, 1, 6))
    saved(world, successor, data)
    found = told(again(bill), again(successor))
    assert found["Document date"][1] == "5 Jan 2026"
    assert found["Posting date"][1] == "6 Jan 2026"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_tax_category_at_the_same_rate(world: World, language: str) -> None:
    """From one kind of exemption to another: 0 % both times, and not the same at all."""
    codes = {code.category: code for code in TaxCode.objects.filter(active=True, category__in=["E", "Z"])}
    original, successor = corrected(world, posted(world), lambda data: data)
    for case, code in ((original, codes["E"]), (successor, codes["Z"])):
        row = case.lines[0]
        row.tax_code_id, row.tax_category, row.tax_rate = code.pk, code.category, D(0)
    (values,) = told(original, successor, language).values()
    with translation.override(language):
        assert values == tuple(
            f"{formats.percent(0)} · {TaxCategory(code.category).label} · {code.code}"
            for code in (codes["E"], codes["Z"])
        )
    assert corrections.differs_otherwise(original, successor, [])


def test_another_exchange_rate(world: World) -> None:
    sold = order(
        world,
        line(world.wheat, "10", price=D(240)),
        currency="USD",
        exchange_rate=D("0.9"),
        rate_source="bank",
    )
    bill = invoice(world, delivery(world, sold))
    assert bill.document.state == "posted"
    original, successor = corrected(world, bill, lambda data: replace(data, exchange_rate=D("0.5")))
    before, after = told(original, successor)["Exchange rate"]
    assert before.startswith("1 USD = 0.90 EUR, bank")
    assert after.startswith("1 USD = 0.50 EUR")
    assert told(original, successor, "de")["Wechselkurs"][1].startswith("1 USD = 0,50 EUR")


def test_discounts_that_swap_at_the_same_sum(world: World) -> None:
    early, bonus = (
        AllowanceInput(amount=D(amount), reason=reason) for amount, reason in ((10, "Early"), (20, "Bonus"))
    )
    sold = order(world, line(world.wheat, "10"), allowances=(early, bonus))
    bill = invoice(world, delivery(world, sold))

    def change(data: DraftInput) -> DraftInput:
        one, other = data.allowances
        return replace(
            data, allowances=(replace(one, amount=other.amount), replace(other, amount=one.amount))
        )

    original, successor = corrected(world, bill, change)
    assert original.document.allowance_total == successor.document.allowance_total == 30
    found = told(original, successor)
    assert [values[0].split(", ")[:2] for values in found.values()] == [
        ["Discount €10.00", "Early"], ["Discount €20.00", "Bonus"],
    ]  # fmt: skip
    assert [values[1].split(", ")[:2] for values in found.values()] == [
        ["Discount €20.00", "Early"], ["Discount €10.00", "Bonus"],
    ]  # fmt: skip


def test_a_charged_quantity_alone(world: World) -> None:
    """40 sacks stay 40 sacks; what they weigh, and so what they cost, does not."""

    def change(data: DraftInput) -> DraftInput:
        return replace(data, lines=(data.lines[0], replace(data.lines[1], price_quantity=D("0.9"))))

    original, successor = corrected(world, posted(world), change)
    assert told(original, successor)["Line 2: Charged quantity"] == ("1 t", "0.9 t")


# What nobody thought of


def test_what_is_not_named_is_not_denied(world: World) -> None:
    """The company has moved since: the seller on the paper is another, and no row of the table says so."""
    bill = posted(world)
    Company.objects.filter(pk=world.company.pk).update(street="Neuer Weg 1", phone="0461 1")
    world.company.refresh_from_db()
    original, successor = corrected(world, bill, lambda data: data)
    assert told(original, successor) == {}
    assert corrections.differs_otherwise(original, successor, [])
    text = shown(world)
    assert "Nothing differs" not in text
    sentence = text.split(NAMES_NOTHING)[1].split("</td>")[0]
    for case in (original, successor):
        link = reverse("documents:detail", args=[case.document.uuid])
        assert f'<a href="{link}">{case.document}</a>' in sentence
    assert "die hier nicht genannt" in shown(world, "de")


@pytest.mark.parametrize("moved", [True, False])
def test_what_is_not_named_is_said_beside_what_is(world: World, *, moved: bool) -> None:
    bill = posted(world)
    if moved:
        Company.objects.filter(pk=world.company.pk).update(street="Neuer Weg 1")
        world.company.refresh_from_db()
    corrected(world, bill, lambda data: first(data, price=D(239), detail="Feed wheat"))
    text = shown(world)
    assert "Line 1: Price" in text
    assert (NAMES_NOTHING in text) is moved


@pytest.mark.parametrize("reference", ["", "B 7"])
def test_another_order_of_the_lines_is_not_nothing(world: World, reference: str) -> None:
    original, successor = corrected(
        world, posted(world),
        lambda data: replace(data, lines=tuple(reversed(data.lines)), partner_reference=reference),
    )  # fmt: skip
    assert len(told(original, successor)) == len(reference[:1])
    assert corrections.differs_otherwise(original, successor, corrections.changed(original, successor))
    assert "Nothing differs" not in shown(world)


def test_nothing_differs_with_all_that_a_paper_can_hold(world: World) -> None:
    """Foreign money, freight, discounts, a text line and terms to the end of a month: carried over as it is."""
    PaymentTermInstalment.objects.update(end_of_month=True, days=30, skonto_days=10, skonto_percent=D(2))
    note = LineInput(description="As agreed", line_kind=LineKind.TEXT)
    sold = order(
        world, line(world.wheat, "10", price=D(240), discount_percent=D(1)), line(world.lime, "40", price=D(375)), note,
        currency="USD", exchange_rate=D("0.9"), rate_source="bank",
        allowances=(AllowanceInput(percent=D(2), reason="Early"), freight("50")), partner_reference="B 7",
    )  # fmt: skip
    bill = invoice(world, delivery(world, sold))
    assert bill.document.state == "posted"
    original, successor = corrected(world, bill, lambda data: data)
    assert told(original, successor) == {}
    assert f"Nothing differs from {original.document}." in shown(world)
