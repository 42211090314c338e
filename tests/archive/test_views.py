"""The paper as a file, and the public page behind the QR code."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from archive.models import ArchivedPaper
from archive.selectors import verification
from archive.services.issue import issue
from documents.case import Case
from documents.states import State
from tests.archive.conftest import World, revision_of
from tests.factories.documents import act, again
from tests.factories.tenancy import make_company, make_member
from valeo.core.components import formats
from workflow.services.day import today_in
from workflow.services.perform import correct


def paper_url(case: Case, code: str = "invoice", query: str = "") -> str:
    return reverse("archive:paper", args=[case.document.uuid, code]) + query


def verify_url(case: Case, **other: str) -> str:
    code = other.get("code") or str(revision_of(case).verify_code)
    return reverse(
        "archive:verify", args=[other.get("domain", "sales"), other.get("number", case.document.number), code]
    )


def page(client: Client, address: str, language: str = "en") -> tuple[int, str]:
    """Status and what a reader sees, with single blanks."""
    response = client.get(address, headers={"accept-language": language})
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])
    return response.status_code, " ".join(html.unescape(text).split())


def test_the_paper_as_a_file(world: World, client_for: Callable[..., Client]) -> None:
    case = world.invoice()
    response = client_for("operator").get(paper_url(case))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    name = f"{case.document.number}_{case.document.document_date.isoformat()}.pdf"
    assert response["Content-Disposition"] == f'inline; filename="{name}"'
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert case.document.number in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    download = client_for("operator").get(paper_url(case, query="?download=1&lang=en&size=Letter"))
    assert download["Content-Disposition"].startswith("attachment")
    assert ArchivedPaper.objects.filter(is_copy=True, page_size="Letter", language="en").exists()


def test_another_companys_paper_is_not_there(world: World) -> None:
    case = world.invoice()
    stranger = Client()
    member = make_member(make_company(), "administrator")
    stranger.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(paper_url(case)).status_code == 404
    assert not ArchivedPaper.objects.exists()


def test_who_may_print(world: World, client_for: Callable[..., Client]) -> None:
    case = world.invoice()
    assert Client().get(paper_url(case)).status_code == 302
    assert client_for("auditor").get(paper_url(case)).status_code == 403
    assert client_for("warehouse").get(paper_url(case)).status_code == 200
    assert client_for("operator").get(paper_url(case, "nonsense")).status_code == 404
    assert client_for("operator").post(paper_url(case)).status_code == 405


def test_a_valid_document(world: World, client: Client) -> None:
    case = world.invoice()
    issue(revision_id=revision_of(case).pk)
    (row,) = ArchivedPaper.objects.filter(media="pdf").select_related("file")
    response = client.get(verify_url(case))
    assert f'data-hashes="{row.file.sha256} "' in response.content.decode()
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    status, text = page(client, verify_url(case))
    assert status == 200
    for wanted in (
        "This document is genuine",
        f"Invoice {case.document.number}",
        "Test",
        "Valid",
        row.file.sha256,
    ):
        assert wanted in text
    assert world.customer.name not in text, "the page tells nothing of the customer"
    assert "Rechnung" in page(client, verify_url(case), "de")[1]


def test_the_form_finds_by_number_and_code(world: World, client: Client) -> None:
    case = world.invoice()
    form = reverse("archive:verify-form")
    assert page(client, form)[0] == 200
    code = revision_of(case).verify_code
    assert "genuine" in page(client, f"{form}?number={case.document.number}&code={code}")[1]
    assert page(client, f"{form}?number={case.document.number}&code=wrong")[0] == 404


def wrong_addresses(case: Case) -> dict[str, str]:
    return {
        "wrong code": verify_url(case, code="A" * 22),
        "unknown number": verify_url(case, number="INV-1999-00001", code="B" * 22),
        "right code, wrong number": verify_url(case, number="INV-2026-99999"),
        "right code, wrong domain": verify_url(case, domain="purchase"),
        "short code": verify_url(case, code="x"),
        "strange code": verify_url(case, code="%00%27%22"),
    }


def test_it_cannot_be_enumerated(world: World, client: Client) -> None:
    """Whatever is wrong: the same status, the same page, the same number of queries."""
    case = world.invoice()
    answers: dict[str, tuple[Any, ...]] = {}
    client.get(verify_url(case))  # warm
    for name, address in wrong_addresses(case).items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        shapes = [
            re.sub(r"'[^']*'|\d+", "?", query["sql"])
            for query in queries
            if "limits_counter" not in query["sql"]
        ]
        content = response.content.decode().replace(html.escape(address), "")
        content = re.sub(
            r'(nonce-|nonce="|csrfmiddlewaretoken" value=")[^"]*|name="next" value="[^"]*', "", content
        )
        answers[name] = (response.status_code, content, tuple(shapes))
    first = answers["wrong code"]
    assert first[0] == 404
    assert len(first[2]) == 4
    for name, answer in answers.items():
        assert answer == first, name
    right = verify_url(case)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(right).status_code == 200
    assert len([query for query in queries if "limits_counter" not in query["sql"]]) == 4


def test_too_many_looks(world: World, client: Client, settings: Any) -> None:
    settings.RATE_VERIFY = "3/m"
    case = world.invoice()
    assert [client.get(verify_url(case, code="A" * 22)).status_code for _ in range(4)] == [404, 404, 404, 429]
    blocked = client.get(verify_url(case))
    assert blocked.status_code == 429, "the right code too"
    assert int(blocked["Retry-After"]) >= 1
    assert client.get(reverse("archive:verify-form") + "?number=x&code=y").status_code == 429


def test_a_cancelled_and_corrected_invoice(world: World, client: Client) -> None:
    invoice = world.invoice()
    storno, successor = correct(document_id=invoice.document.pk, actor=world.accountant)
    act(storno, "submit", world.accountant)
    if again(storno).document.state == State.PENDING:
        act(storno, "approve", world.manager)
    storno, successor = again(storno), again(successor)
    assert successor.document.number
    text = page(client, verify_url(invoice))[1]
    assert "Genuine, but cancelled" in text
    assert f"Cancelled by Cancellation invoice {storno.document.number}" in text
    assert f"Replaced by Invoice {successor.document.number}" in text
    of_storno = page(client, verify_url(storno))[1]
    assert f"Cancels Invoice {invoice.document.number}" in of_storno
    assert f"Replaced by Invoice {successor.document.number}" in of_storno
    assert "This document is genuine" in page(client, verify_url(successor))[1]


@pytest.mark.parametrize(
    ("language", "declined", "expired"),
    [
        ("en", "Genuine, but declined The offer was declined on", "Genuine, but expired The offer was valid until"),
        ("de", "Echt, aber abgelehnt Das Angebot wurde am", "Echt, aber abgelaufen Das Angebot war gültig bis"),
    ],
)  # fmt: skip
def test_a_quotation_that_no_longer_stands(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, language: str, declined: str, expired: str
) -> None:
    """Declined, or past its last day; one that was accepted in time stands."""
    today = today_in(world.company)
    refused, old, taken = (world.quotation(valid_until=today) for _ in range(3))
    assert "genuin" in page(client, verify_url(old), "en")[1], "the last day is one of them"
    act(refused, "decline", world.clerk, "Too dear")
    act(taken, "accept", world.clerk)
    text = page(client, verify_url(refused), language)[1]
    shown = formats.day(today, language=language)
    assert f"{declined} {shown}" in text
    assert "Too dear" not in text
    monkeypatch.setattr(verification, "_today", lambda _row: today + dt.timedelta(days=1))
    assert f"{expired} {shown}" in page(client, verify_url(old), language)[1]
    assert "This document is genuine" in page(client, verify_url(taken), "en")[1]
    assert f"{declined} {shown}" in page(client, verify_url(refused), language)[1]
    act(old, "cancel", world.accountant, "x")
    assert "Genuine, but cancelled" in page(client, verify_url(old), "en")[1]


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_amended_order_shows_the_newer_revision(world: World, client: Client, language: str) -> None:
    from dataclasses import replace
    from decimal import Decimal

    from documents.services.carry import carried, line_of
    from workflow.services import amendments

    now = world.quotation()
    lines = tuple(line_of(now, item, None, None, keep_id=True) for item in now.lines)
    lines = (replace(lines[0], quantity=Decimal(5), price_quantity=Decimal(5)),)
    data = replace(carried(now, kind="quotation", relation=None, measure=None), lines=lines)
    revision = amendments.propose(
        company=world.company, actor=world.clerk, document_id=now.document.pk, data=data, reason="More",
        expected_version=again(now).document.version,
    )  # fmt: skip
    if revision.state == "pending":
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)
    first, second = revision_of(now, 1), revision_of(now, 2)
    assert first.verify_code != second.verify_code
    for row in (first, second):
        issue(revision_id=row.pk)
    old = page(client, verify_url(now, code=str(first.verify_code)), language)[1]
    new = page(client, verify_url(now, code=str(second.verify_code)), language)[1]
    sums = {
        row.revision_id: row.file.sha256
        for row in ArchivedPaper.objects.filter(media="pdf").select_related("file")
    }
    assert sums[first.pk] in old
    assert sums[first.pk] not in new
    assert sums[second.pk] in new
    if language == "en":
        assert "Genuine, but superseded" in old
        assert "Newer revision Revision 2" in old
        assert "This document is genuine" in new
