from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from numbering.models import IssuedNumber, NumberSeries, SeriesCounter
from numbering.patterns import render
from numbering.selectors import last_date, shape_of
from numbering.services import NumberRequest, allocate, allocate_many, create_series
from tests.numbering.conftest import DAY, give, row
from valeo.administration.services.fiscal import create_fiscal_year
from valeo.core.exceptions import Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Company, FiscalYear, Period

Series = dict[str, NumberSeries]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [violation.code for violation in refusal.value.violations]


def test_numbers_follow_without_gap_and_stand_in_the_register(company: Company, series: Series) -> None:
    document = uuid.uuid4()
    assert give(company, times=2) == ["SO-2026-00001", "SO-2026-00002"]
    assert (
        allocate(company_id=company.pk, kind="sales_order", on=DAY, document_uuid=document) == "SO-2026-00003"
    )
    found = row("SO-2026-00003")
    assert (found.state, found.document_uuid, found.value, found.year, found.dated) == (
        "used",
        document,
        3,
        2026,
        DAY,
    )


def test_the_new_years_counter_appears_by_itself(company: Company, series: Series) -> None:
    give(company, times=2)
    assert give(company, on=dt.date(2027, 1, 1)) == ["SO-2027-00001"]


def test_one_statement_gives_all_numbers_of_a_use_case_in_the_order_asked(
    company: Company, series: Series
) -> None:
    requests = [
        NumberRequest(company.pk, kind, day)
        for kind, day in (
            ("sales_invoice", DAY), ("sales_order", DAY + dt.timedelta(1)), ("sales_order", DAY), ("credit_note", DAY),
        )
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        numbers = allocate_many(requests)
    assert len(queries) == 1
    # within a series the earlier day gets the lower number
    assert numbers == ["INV-2026-00001", "SO-2026-00002", "SO-2026-00001", "CN-2026-00001"]
    assert allocate_many([]) == []


@pytest.mark.parametrize(
    "pattern",
    ["{prefix}.{company}_{yy}-{number}", "{number:03d}-{year}", "{branch}{year}{prefix}{number:09d}"],
)
def test_the_database_renders_as_the_preview_does(company: Company, actor: Actor, pattern: str) -> None:
    branch = Branch.objects.create(company=company, code="HH", name="Hamburg")
    made = create_series(
        actor=actor, kind="quotation", prefix="Q1", pattern=pattern, branch=branch, first_number=998
    )
    shape = shape_of(made, company.code, {branch.pk: "HH"})
    for value in (998, 999, 1000):
        given = allocate(company_id=company.pk, kind="quotation", on=DAY, branch_id=branch.pk)
        assert given == render(shape, year=2026, value=value)


def test_the_most_specific_series_wins(company: Company, actor: Actor, series: Series) -> None:
    branch = Branch.objects.create(company=company, code="HH", name="Hamburg")
    for prefix, where in (("SOB", {"branch": branch}), ("SOG", {"type_group": "farm"}),
                          ("SOBG", {"branch": branch, "type_group": "farm"})):  # fmt: skip
        create_series(actor=actor, kind="sales_order", prefix=prefix, **where)
    found = [
        allocate(company_id=company.pk, kind="sales_order", on=DAY, branch_id=branch_id, type_group=group)
        for branch_id in (None, branch.pk)
        for group in ("", "farm", "shop")
    ]
    assert [number.split("-")[0] for number in found] == ["SO", "SOG", "SO", "SOB", "SOBG", "SOB"]


def test_a_fiscal_year_counts_by_the_year_in_which_it_begins(company: Company, actor: Actor) -> None:
    Period.objects.all().delete()
    FiscalYear.objects.all().delete()
    for year in (2025, 2026):
        create_fiscal_year(actor=actor, start=dt.date(year, 7, 1), end=dt.date(year + 1, 6, 30))
    create_series(actor=actor, kind="sales_order", prefix="SO", reset="fiscal")
    days = (dt.date(2025, 7, 1), dt.date(2026, 3, 1), dt.date(2026, 7, 1))
    assert [give(company, on=day)[0] for day in days] == ["SO-2025-00001", "SO-2025-00002", "SO-2026-00001"]
    with pytest.raises(Refused) as refusal, transaction.atomic():
        give(company, on=dt.date(2028, 1, 1))
    assert codes(refusal) == ["no-fiscal-year"]


def test_a_series_that_runs_on_ignores_the_year(company: Company, series: Series) -> None:
    assert give(company, "customer") + give(company, "customer", on=dt.date(2027, 1, 1)) == [
        "C-10001",
        "C-10002",
    ]


def test_no_document_is_dated_before_the_last_one(company: Company, series: Series) -> None:
    assert last_date(company_id=company.pk, kind="sales_order", on=DAY) is None
    give(company)
    assert last_date(company_id=company.pk, kind="sales_order", on=DAY) == DAY
    before = SeriesCounter.objects.get().next_value
    with pytest.raises(Refused) as refusal, transaction.atomic():
        give(company, on=DAY - dt.timedelta(1))
    assert codes(refusal) == ["date-before-last"]
    assert SeriesCounter.objects.get().next_value == before
    assert IssuedNumber.objects.count() == 1
    # the other year's counter is another one
    assert give(company, on=dt.date(2025, 12, 31)) == ["SO-2025-00001"]


def test_all_reasons_are_told_at_once(company: Company, series: Series) -> None:
    give(company)
    requests = [
        NumberRequest(company.pk, "sales_order", DAY - dt.timedelta(1)), NumberRequest(company.pk, "quotation", dt.date(1900, 1, 1)),
    ]  # fmt: skip
    with pytest.raises(Refused) as refusal, transaction.atomic():
        allocate_many(requests)
    assert codes(refusal) == ["date-before-last", "no-series"]


def test_another_companys_series_gives_nothing(
    company: Company, other_company: Company, series: Series
) -> None:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        give(other_company)
    assert codes(refusal) == ["no-series"]


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_no_number_is_given() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        allocate(company_id=1, kind="sales_order", on=DAY)


@pytest.mark.parametrize(
    "change",
    [
        lambda: IssuedNumber.objects.update(number="SO-2026-99999"), lambda: IssuedNumber.objects.update(state="reserved"),
        lambda: IssuedNumber.objects.all()._raw_delete("default"), lambda: SeriesCounter.objects.update(next_value=1),
        lambda: SeriesCounter.objects.update(year=2030), lambda: SeriesCounter.objects.all().delete(),
        lambda: NumberSeries.objects.filter(kind="sales_order").update(prefix="X"),
        lambda: NumberSeries.objects.filter(kind="sales_order").update(valid_to=DAY - dt.timedelta(1)),
        lambda: NumberSeries.objects.filter(kind="sales_order")._raw_delete("default"),
    ],
)  # fmt: skip
def test_the_database_refuses_to_bend_what_was_given(
    company: Company, series: Series, change: object
) -> None:
    give(company)
    with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
        change()  # type: ignore[operator]
    assert give(company) == ["SO-2026-00002"]
