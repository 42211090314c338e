"""The demo company is lifelike, legal in its figures, and leaves something to decide and to play with."""

from __future__ import annotations

import io
import re
import stat
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import Client
from stdnum import iban
from stdnum.eu import vat

from documents import registry
from documents.case import Case
from documents.kinds import RevisionState
from documents.models import Document, Line, Revision
from documents.printing.render import render_html
from documents.selectors.cases import load_case
from documents.services.carry import allowances_of, carried, line_of
from documents.services.drafts import update_draft
from documents.states import State
from inventory.models import StockBalance, StockMovement
from masterdata.models import Article, Partner, PartnerContact
from payments.models import OpenItem
from tests.demo.conftest import Demo
from tests.factories.documents import act, again, discount, draft, follow, freight, line, submitted
from valeo.audit import verifiers
from valeo.core.exceptions import Refused
from valeo.demo.data.people import PEOPLE
from valeo.tenancy.models import Branding, Company, Membership, Period, User
from valeo.tenancy.scope import company_scope
from workflow.models import ChangeRequest, DocumentException
from workflow.selectors.inbox import waiting
from workflow.services import amendments, change_requests
from workflow.services.begin import today_in
from workflow.services.perform import correct

pytestmark = pytest.mark.django_db
D = Decimal
EXPECTED = {
    "quotation": {"posted": 6, "pending": 1, "draft": 1, "cancelled": 1},
    "sales_order": {"posted": 28, "pending": 4, "draft": 1, "rejected": 1, "cancelled": 1},
    "delivery_note": {"posted": 30, "pending": 2, "draft": 1, "cancelled": 1},
    "sales_invoice": {"posted": 17, "pending": 1, "approved": 1, "draft": 1, "cancelled": 2},
    "credit_note": {"posted": 4, "pending": 2, "draft": 1},
}
CHECKOUT = Path(__file__).resolve().parents[2]


def test_there_are_documents_of_every_kind_and_state(demo: Demo) -> None:
    found: dict[str, dict[str, int]] = {}
    for (kind, state), count in Counter(Document.objects.values_list("kind", "state")).items():
        found.setdefault(kind, {})[state] = count
    assert found == EXPECTED


def test_commitments_in_every_progress(demo: Demo) -> None:
    orders = Document.objects.filter(kind="sales_order", state=State.POSTED)
    assert set(orders.values_list("fulfilment", flat=True)) == {"open", "partial", "complete"}
    assert set(orders.values_list("invoicing", flat=True)) == {"open", "partial", "complete"}
    assert orders.filter(revision=2).count() == 1
    assert Line.objects.filter(document__in=orders, closed__gt=0).exclude(closed_reason="").count() == 1
    quotations = Document.objects.filter(kind="quotation", state=State.POSTED)
    assert set(quotations.values_list("outcome", flat=True)) == {"", "accepted", "declined"}
    assert quotations.filter(outcome="", valid_until__lt=today_in(demo.company)).count() == 1
    notes = Document.objects.filter(kind="credit_note", state=State.POSTED)
    assert Counter(notes.values_list("reason_kind", flat=True)) == {"storno": 2, "quantity": 1, "bonus": 1}


def test_every_reason_to_ask_waits_in_the_inbox(demo: Demo) -> None:
    rows = waiting(demo.actor("manager"))
    codes = {exception.code for row in rows for exception in row.exceptions}
    assert codes == {
        "over-credit-limit",
        "discount",
        "below-cost",
        "stock-below-zero",
        "free-line",
        "over-delivery",
    }
    assert Counter(row.kind for row in rows) == {"document": 9, "amendment": 1, "change": 1}
    pairs = [row.correction for row in rows if row.correction is not None]
    assert len(pairs) == 1, "the halves of a correction are one row"
    waiting_papers = {row.document.pk for row in rows if row.kind == "document" and row.document is not None}
    waiting_papers.add(pairs[0].storno.pk)
    assert len(waiting_papers) == Document.objects.filter(state=State.PENDING).count() == 10


def test_what_waits_can_be_approved(demo: Demo) -> None:
    for document in Document.objects.filter(state=State.PENDING).order_by("pk"):
        if (
            Document.objects.get(pk=document.pk).state == State.PENDING
        ):  # the other half of a correction went with it
            act(again_of(document), "approve", demo.actor("manager"))
    for revision in Revision.objects.filter(state=RevisionState.PENDING):
        amendments.decide(actor=demo.actor("manager"), revision_id=revision.pk, approve=True)
    for change in ChangeRequest.objects.filter(state="pending"):
        change_requests.decide(actor=demo.actor("manager2"), uuid=change.uuid, approve=True)
    for document in Document.objects.filter(state=State.APPROVED):
        act(again_of(document), "post", demo.actor("accountant"))
    assert not Document.objects.filter(state__in=[State.PENDING, State.APPROVED]).exists()
    assert demo.partner("Milchhof Jansen GbR").credit_limit == D("18000.00")
    assert problems(demo.company) == []


def test_whoever_wrote_it_does_not_approve_it(demo: Demo) -> None:
    assert {row.username for row in PEOPLE} == set(User.objects.values_list("username", flat=True))
    approvers = Membership.objects.filter(company=demo.company, scopes__contains=["sales:approve"])
    assert approvers.count() == 3


def test_the_drafts_can_be_submitted(demo: Demo) -> None:
    for document in Document.objects.filter(state=State.DRAFT):
        act(again_of(document), "submit", demo.actor("accountant"))
    assert not Document.objects.filter(state=State.DRAFT).exists()


def again_of(document: Document) -> Case:
    return load_case(document.pk)


def problems(company: Company) -> list[str]:
    return [
        f"{name}: {text}" for name, verify in verifiers.registered().items() for text in verify(company.pk)
    ]


def test_the_books_hold(demo: Demo) -> None:
    assert verifiers.registered()
    assert problems(demo.company) == []
    with company_scope(demo.second.pk):
        assert problems(demo.second) == []
        assert Document.objects.count() == 6
    out = io.StringIO()
    call_command("verify_audit", stdout=out)


def test_stock_is_the_sum_of_its_movements(demo: Demo) -> None:
    moved = {
        (row["article"], row["warehouse"], row["lot"]): row["total"]
        for row in StockMovement.objects.values("article", "warehouse", "lot").annotate(
            total=Sum("stock_quantity")
        )
    }
    balances = {
        (row.article_id, row.warehouse_id, row.lot): row.on_hand for row in StockBalance.objects.all()
    }
    assert balances == moved
    assert min(balances.values()) >= 0
    assert len({warehouse for _article, warehouse, _lot in balances}) == 2
    lots = {lot for _article, _warehouse, lot in balances if lot}
    assert len(lots) > 10
    held: dict[int, Decimal] = {}
    for (article, _warehouse, _lot), on_hand in balances.items():
        held[article] = held.get(article, D(0)) + on_hand
    low = [
        row
        for row in Article.objects.filter(minimum_stock__gt=0)
        if held.get(row.pk, D(0)) < row.minimum_stock
    ]
    assert 2 <= len(low) <= 8


def test_every_invoice_opens_what_it_asks_for(demo: Demo) -> None:
    for invoice in Document.objects.filter(kind="sales_invoice", state=State.POSTED):
        items = OpenItem.objects.filter(document=invoice)
        assert sum(item.amount for item in items) == invoice.payable_total
        assert {item.partner_id for item in items} == {invoice.bill_to_id}
    billed = Document.objects.get(
        kind="sales_invoice", partner=demo.partner("Hof Carstens, Betriebsstätte Kating")
    )
    assert billed.bill_to == demo.partner("Hof Carstens GbR")


def test_open_quantities_are_never_negative(demo: Demo) -> None:
    for row in Line.objects.exclude(line_kind__in=["text", "heading", "subtotal"]):
        figures = (row.delivered, row.returned, row.invoiced, row.credited, row.closed)
        assert min(figures) >= 0, row
        assert row.credited <= row.invoiced or row.document.kind == "sales_invoice", row


def test_taxes_of_all_cases(demo: Demo) -> None:
    invoices = Document.objects.filter(kind="sales_invoice", state=State.POSTED)
    groups = {(row.category, row.rate) for invoice in invoices for row in invoice.tax_groups.all()}
    assert groups == {("S", D(19)), ("S", D(7)), ("K", D(0)), ("G", D(0))}
    assert invoices.filter(price_mode="gross").count() == 2
    assert invoices.filter(language="en").count() == 2
    assert invoices.get(partner=demo.partner("Gemeinde Nordermarsch")).buyer_reference == "010541-12345678-08"


def test_every_document_can_be_printed(demo: Demo) -> None:
    revisions = Revision.objects.filter(state=RevisionState.IN_FORCE).select_related("document")
    assert (
        revisions.count()
        == Document.objects.filter(state__in=["posted", "cancelled"]).exclude(number="").count()
    )
    for revision in revisions:
        document = revision.document
        for paper in registry.get(document.kind).papers:
            html = render_html(revision.content, paper=paper, language=document.language)
            assert document.number in html
            assert document.bill_to.city in html or document.partner.city in html


def test_numbers_follow_the_days(demo: Demo) -> None:
    for kind in EXPECTED:
        rows = Document.objects.filter(kind=kind).exclude(number="").order_by("number")
        days = [row.document_date for row in rows]
        assert days == sorted(days), kind
        assert max(days) <= today_in(demo.company)
        year = [
            int(row.number.rpartition("-")[2])
            for row in rows
            if row.number.startswith(f"{rows[0].number[:-6]}-")
        ]
        assert year == list(range(1, len(year) + 1)), kind


def test_old_months_are_closed(demo: Demo) -> None:
    today = today_in(demo.company)
    assert set(Period.objects.filter(start__lte=today).values_list("state", flat=True)) == {
        "open", "closed", "closed_for_vouchers",
    }  # fmt: skip
    assert Period.objects.values("fiscal_year").distinct().count() == 3


def test_identifiers_have_right_check_digits_and_persons_are_invented(demo: Demo) -> None:
    for company in (demo.company, demo.second):
        assert vat.is_valid(company.vat_id)
        assert iban.is_valid(company.iban)
        assert company.email.endswith(".example")
        assert Branding.everywhere.get(company=company, branch=None).logo is not None
    assert 40 <= Partner.objects.count() <= 50
    assert 45 <= Article.objects.count() <= 55
    mails = [
        *Partner.objects.values_list("email", flat=True),
        *PartnerContact.objects.values_list("email", flat=True),
    ]
    assert all(mail.endswith(".example") for mail in mails)
    phones = [
        *Partner.objects.values_list("phone", flat=True),
        *PartnerContact.objects.values_list("phone", flat=True),
    ]
    assert all(phone.startswith("+49 40 66969 ") for phone in phones)
    assert Partner.objects.filter(blocked=True).exclude(blocked_reason="").count() == 1
    assert Partner.objects.filter(credit_limit=0).count() == 1


def test_the_story_can_be_played(demo: Demo) -> None:
    clerk, warehouse, manager, accountant = (
        demo.actor(name) for name in ("clerk", "warehouse", "manager", "accountant")
    )
    petersen, wheat = demo.partner("Hof Petersen GbR"), demo.article("Futterweizen, lose")
    lime = demo.article("Granulierter Kalk, Sack")
    already = Document.objects.get(kind="delivery_note", partner=petersen)
    data = draft(
        "quotation",
        petersen,
        line(wheat, "20"),
        line(lime, "40"),
        allowances=(discount("3"), freight("120.00")),
    )
    quotation = submitted(demo.company, clerk, data)
    assert quotation.document.gross_total == D("5336.69")
    order = act(follow(demo.company, clerk, "sales_order", quotation), "submit", clerk)
    assert order.document.state == State.POSTED
    big = submitted(
        demo.company, clerk, draft("sales_order", demo.partner("Weidehof Thamsen"), line(wheat, "30"))
    )
    codes = DocumentException.objects.filter(document=big.document).values_list("code", flat=True)
    assert list(codes) == ["over-credit-limit"]
    assert act(big, "approve", manager).document.state == State.POSTED
    now = again(order)
    lines = tuple(line_of(now, row, None, None, keep_id=True) for row in now.lines)
    lines = (replace(lines[0], quantity=D(25), price_quantity=D(25)), *lines[1:])
    content = replace(
        carried(now, kind="sales_order", relation=None, measure=None),
        lines=lines,
        allowances=allowances_of(now),
    )
    revision = amendments.propose(
        company=demo.company, actor=clerk, document_id=order.document.pk, data=content, reason="mehr Weizen",
        expected_version=now.document.version,
    )  # fmt: skip
    assert revision.state == RevisionState.IN_FORCE
    first_line, second_line = (row.pk for row in order.lines)
    picks = {first_line: "26", second_line: "20"}
    first = act(follow(demo.company, warehouse, "delivery_note", order, picks=picks), "submit", warehouse)
    second = act(
        follow(demo.company, warehouse, "delivery_note", order, picks={second_line: "18"}),
        "submit",
        warehouse,
    )
    assert {first.document.state, second.document.state} == {State.POSTED}
    act(order, "close", clerk, "Kunde hat genug", line_quantities={second_line: D(2)})
    invoice = follow(demo.company, accountant, "sales_invoice", first, second, again_of(already))
    assert act(invoice, "submit", accountant).document.state == State.POSTED
    storno, successor = correct(document_id=invoice.document.pk, actor=accountant)
    now = again(successor)
    lines = tuple(line_of(now, row, None, None, keep_id=True) for row in now.lines)
    content = replace(
        carried(now, kind="sales_invoice", relation=None, measure=None),
        lines=(replace(lines[0], price=D(229)), *lines[1:]),
    )
    update_draft(
        company=demo.company, actor=accountant, document_id=successor.document.pk, data=content, expected_version=None,
        today=today_in(demo.company),
    )  # fmt: skip
    act(storno, "submit", accountant)
    act(storno, "approve", manager)
    assert [again(case).document.state for case in (invoice, storno, successor)] == [
        "cancelled",
        "posted",
        "posted",
    ]
    assert problems(demo.company) == []


def test_the_blocked_customer_gets_nothing(demo: Demo) -> None:
    data = draft(
        "sales_order", demo.partner("Hof Christiansen"), line(demo.article("Futterweizen, lose"), "1")
    )
    with pytest.raises(Refused, match="überfällig"):
        submitted(demo.company, demo.actor("clerk"), data)


def test_the_tour_names_what_is_there(demo: Demo) -> None:
    text = (CHECKOUT / "docs" / "tour.md").read_text(encoding="utf-8")
    for number, name in re.findall(r"([AC]-\d{5}) ([A-ZÄÖÜ][\wäöüß]+,? [\wäöüß]+)", text):
        found = (
            Article.objects.get(number=number).name_de
            if number.startswith("A")
            else Partner.objects.get(customer_number=number).name
        )
        assert found.startswith(name), number
    for person in PEOPLE:
        assert f"`{person.username}`" in text
        assert person.full_name in text


def test_the_logins_are_for_the_owner_alone_and_open_the_door(demo: Demo) -> None:
    assert stat.S_IMODE(demo.logins.stat().st_mode) == 0o600
    text = demo.logins.read_text(encoding="utf-8")
    password = password_in(text)
    for person in PEOPLE:
        assert person.username in text
        assert User.objects.get(username=person.username).check_password(password)
    assert password not in demo.said
    assert Client().login(username="clerk", password=password)
    companies = Membership.objects.filter(user__username="clerk").values_list("company__code", flat=True)
    assert set(companies) == {"MAR", "MSAAT"}


def password_in(text: str) -> str:
    found = re.search(r"^  (\w+-\w+-\w+-\d{4})$", text, re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_second_call_does_nothing(demo: Demo) -> None:
    before = Document.objects.count(), Company.objects.count(), demo.logins.read_text(encoding="utf-8")
    call_command("load_demo", stdout=io.StringIO())
    out = io.StringIO()
    call_command("load_demo", logins=True, stdout=out)
    assert out.getvalue().strip() == before[2].strip()
    assert before == (
        Document.objects.count(),
        Company.objects.count(),
        demo.logins.read_text(encoding="utf-8"),
    )


def test_a_new_password_for_all(demo: Demo) -> None:
    kept = demo.logins.read_text(encoding="utf-8")
    call_command("load_demo", new_password=True, stdout=io.StringIO())
    new = password_in(demo.logins.read_text(encoding="utf-8"))
    demo.logins.write_text(kept, encoding="utf-8")
    assert new != password_in(kept)
    assert all(User.objects.get(username=person.username).check_password(new) for person in PEOPLE)


def test_other_peoples_accounts_are_left_alone(demo: Demo) -> None:
    Company.objects.filter(code="MAR").update(code="REAL")
    with pytest.raises(CommandError, match="clerk"):
        call_command("load_demo", stdout=io.StringIO())


def test_another_demo_company_on_demand(demo: Demo) -> None:
    call_command("load_demo", force_new="MAR2", stdout=io.StringIO())
    other = Company.objects.get(code="MAR2")
    with company_scope(other.pk):
        assert Document.objects.count() == sum(sum(states.values()) for states in EXPECTED.values())
        assert problems(other) == []
