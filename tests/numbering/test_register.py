from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from numbering import proofs
from numbering.models import IssuedNumber, NumberSeries, SeriesCounter
from numbering.selectors import status
from numbering.services import init_year, reserve, reset, use_reserved, void
from tests.numbering.conftest import DAY, give, row
from valeo.audit.models import AuditEntry
from valeo.audit.selectors import verify
from valeo.core.exceptions import NotFound, NotPermitted, Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

Series = dict[str, NumberSeries]


def refused(act: Any, **facts: Any) -> str:
    """The code of a refusal, which changed nothing."""
    before = (
        list(IssuedNumber.objects.values()),
        list(SeriesCounter.objects.values()),
        AuditEntry.objects.count(),
    )
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**facts)
    assert (
        list(IssuedNumber.objects.values()),
        list(SeriesCounter.objects.values()),
        AuditEntry.objects.count(),
    ) == before
    return refusal.value.violations[0].code


def test_a_reserved_number_is_used_or_void(company: Company, actor: Actor, series: Series) -> None:
    first = reserve(actor=actor, kind="sales_invoice", on=DAY, reason="handwritten")
    second = reserve(actor=actor, kind="sales_invoice", on=DAY)
    assert (first.number, first.state, first.by_id) == ("INV-2026-00001", "reserved", actor.user_id)
    assert give(company, "sales_invoice") == ["INV-2026-00003"]
    document = uuid.uuid4()
    use_reserved(actor=actor, kind="sales_invoice", number=first.number, document_uuid=document)
    void(actor=actor, kind="sales_invoice", number=second.number, reason="misprint")
    assert (row(first.number).state, row(first.number).document_uuid) == ("used", document)
    assert (row(second.number).state, row(second.number).reason) == ("void", "misprint")
    actions = AuditEntry.objects.filter(action__startswith="number.").order_by("seq")
    assert list(actions.values_list("action", "label")) == [
        ("number.reserve", "INV-2026-00001"), ("number.reserve", "INV-2026-00002"),
        ("number.use", "INV-2026-00001"), ("number.void", "INV-2026-00002"),
    ]  # fmt: skip


def test_only_a_reserved_number_is_made_void_and_with_a_reason(
    company: Company, actor: Actor, series: Series
) -> None:
    [used] = give(company)
    facts: dict[str, Any] = {"actor": actor, "kind": "sales_order", "number": used}
    assert refused(void, **facts, reason="x") == "number-not-reserved"
    assert refused(void, **facts, reason=" ") == "reason"
    with pytest.raises(NotFound):
        void(actor=actor, kind="sales_order", number="SO-1", reason="x")
    reserved = reserve(actor=actor, kind="sales_order", on=DAY)
    with pytest.raises(IntegrityError, match="void_has_reason"), transaction.atomic():
        IssuedNumber.objects.filter(pk=reserved.pk).update(state="void")


def test_a_reset_never_repeats_and_explains_what_it_skips(
    company: Company, actor: Actor, series: Series
) -> None:
    give(company, times=3)
    facts: dict[str, Any] = {"actor": actor, "series": series["sales_order"], "year": 2026}
    assert refused(reset, **facts, next_value=3, reason="x") == "reset-repeats"
    assert refused(reset, **facts, next_value=0, reason="x") == "reset-below-first"
    assert refused(reset, **facts, next_value=99_999, reason="x") == "reset-too-far"
    assert refused(reset, **facts, next_value=10, reason="") == "reason"
    reset(**facts, next_value=6, reason="pre-printed forms")
    assert give(company) == ["SO-2026-00006"]
    [proof] = proofs.series_proofs(company.pk)
    assert proof.voids == [("SO-2026-00004", "pre-printed forms"), ("SO-2026-00005", "pre-printed forms")]
    assert (proof.first, proof.last, proof.next, proof.count, proof.gaps) == (1, 6, 7, 6, [])


def test_a_reset_before_the_first_number_skips_nothing(
    company: Company, actor: Actor, series: Series
) -> None:
    reset(actor=actor, series=series["sales_order"], year=2026, next_value=70_000, reason="the old system's")
    assert give(company) == ["SO-2026-70000"]
    [proof] = proofs.series_proofs(company.pk)
    assert (proof.first, proof.complete, proof.voids) == (70_000, True, [])


def test_a_reset_stays_where_the_counter_counts(company: Company, actor: Actor, series: Series) -> None:
    facts = {"actor": actor, "series": series["sales_invoice"], "year": 2026, "reason": "x"}
    assert refused(reset, **facts, next_value=9223372036854775807) == "reset-too-far"


def test_a_year_is_prepared_once(company: Company, actor: Actor, series: Series) -> None:
    made = init_year(actor=actor, year=2027)
    assert len(made) == 11  # the kinds with a yearly series
    assert init_year(actor=actor, year=2027) == []
    call_command("init_year", "2028", company="TEST")
    assert SeriesCounter.objects.filter(year=2028).count() == 11
    assert give(company, on=dt.date(2027, 1, 2)) == ["SO-2027-00001"]
    assert refused(init_year, actor=actor, year=20270) == "year"


def test_the_status_tells_where_a_series_stands(company: Company, actor: Actor, series: Series) -> None:
    give(company)
    reserve(actor=actor, kind="sales_order", on=DAY)
    found = status(company_id=company.pk, kind="sales_order", on=DAY)
    assert found is not None
    assert (found.next_number, found.last_number, found.last_date, found.reserved) == (
        "SO-2026-00003", "SO-2026-00002", DAY, 1,
    )  # fmt: skip
    assert status(company_id=company.pk, kind="sales_order", on=dt.date(1900, 1, 1)) is None


def test_the_acts_are_the_administrators(actor: Actor, series: Series) -> None:
    clerk = Actor(
        user_id=actor.user_id, name="x", company_id=actor.company_id, scopes=frozenset({"sales:post"})
    )
    for act, facts in (
        (reserve, {"kind": "sales_order", "on": DAY}), (void, {"kind": "sales_order", "number": "x", "reason": "x"}),
        (reset, {"series": series["sales_order"], "year": 2026, "next_value": 5, "reason": "x"}), (init_year, {"year": 2027}),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            act(actor=clerk, **facts)


def test_another_companys_counter_is_not_found(other_company: Company, actor: Actor, series: Series) -> None:
    theirs = NumberSeries.everywhere.create(
        company=other_company, kind="sales_order", prefix="X", valid_from=DAY
    )
    with pytest.raises(NotFound):
        reset(actor=actor, series=theirs, year=2026, next_value=5, reason="x")


# -- the proof


def test_the_proof_finds_a_gap_a_lost_end_and_foreign_numbers(
    company: Company, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = give(company, times=6)
    monkeypatch.setattr(proofs, "_in_use", {})
    carried = [*numbers[:-1], "SO-1999-1"]
    proofs.register("sales_order", lambda _company: carried)
    assert list(proofs.verify(company.pk)) == [
        "sales_order: no document has the number SO-2026-00006", "sales_order: SO-1999-1 was given by no series"
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE numbering_issuednumber DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM numbering_issuednumber WHERE value IN (1, 3, 4, 6)")
        cursor.execute("ALTER TABLE numbering_issuednumber ENABLE TRIGGER USER")
    [proof] = proofs.series_proofs(company.pk)
    assert sorted(proof.gaps) == [(1, 1), (3, 4), (6, 6)]
    assert "numbers: sales_order 2026: numbers 3 to 4 are missing" in verify(company).problems
    with pytest.raises(RuntimeError, match="twice"):
        proofs.register("sales_order", lambda _company: [])


def test_a_house_in_order_has_nothing_to_report(
    company: Company, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "_in_use", {})
    numbers = give(company, times=3)
    proofs.register("sales_order", lambda _company: numbers)
    assert list(proofs.verify(company.pk)) == []
