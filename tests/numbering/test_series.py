from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from numbering.kinds import PREFIXES, SeriesKind
from numbering.models import NumberSeries, SeriesCounter
from numbering.selectors import preview, series_for_preview
from numbering.services import (
    change_series,
    close_series,
    create_default_series,
    create_series,
    import_series,
    succeed_series,
)
from tests.numbering.conftest import DAY, give
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotPermitted, Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

Series = dict[str, NumberSeries]


def refused(actor: Actor, act: Any, **facts: Any) -> list[str]:
    """The codes of a refusal, which changed nothing."""
    before = list(NumberSeries.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(actor=actor, **facts)
    assert (list(NumberSeries.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return [violation.code for violation in refusal.value.violations]


def test_a_company_gets_a_series_for_every_kind_once(company: Company, actor: Actor, series: Series) -> None:
    assert {kind: made.prefix for kind, made in series.items()} == dict(PREFIXES)
    assert set(series) == set(SeriesKind.values)
    assert create_default_series(company, actor) == []
    assert AuditEntry.objects.filter(action="series.create").count() == len(SeriesKind)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"pattern": "{prefix}-{number}"}, "pattern-year"), ({"pattern": "{year}-{prefix}"}, "pattern-number"),
        ({"pattern": "{year}{number}{number}"}, "pattern-number"), ({"pattern": "{year}/{number}"}, "invalid"),
        ({"prefix": "Ä"}, "invalid"), ({"pattern": "{year}-{number:00d}"}, "invalid"), ({"kind": "gift"}, "invalid"),
        ({"valid_to": dt.date(1999, 1, 1)}, "series-order"), ({}, "series-overlap"), ({"first_number": -1}, "invalid"),
        ({"kind": "quotation", "type_group": "x", "prefix": "SO"}, "series-collision"),
        ({"first_number": 9223372036854775807}, "first-number-high"),
        ({"type_group": "x", "pattern": "X" * 30 + "-{year}-{number:05d}"}, "pattern-long"),
        ({"type_group": "x", "pattern": "X" * 26 + "-{branch}{number:05d}", "reset": "never"}, "pattern-long"),
        ({"kind": "article", "type_group": "x", "pattern": "X" * 24 + "-{number:09d}", "reset": "never"}, "pattern-long"),
        ({"type_group": "x", "prefix": "SO-2"}, None), ({"type_group": "x", "pattern": "SO-{yy}{number:02d}-{number:0"}, "invalid"),
    ],
)  # fmt: skip
def test_what_a_new_series_is_refused_for(
    actor: Actor, series: Series, facts: dict[str, Any], code: str | None
) -> None:
    whole = {"kind": "sales_order", "prefix": "ORD", **facts}
    if code is None:
        create_series(actor=actor, **whole)
    else:
        assert code in refused(actor, create_series, **whole)


def test_an_unused_series_is_changed_and_a_used_one_not(
    company: Company, actor: Actor, series: Series
) -> None:
    changed = change_series(actor=actor, series=series["sales_order"], prefix="AU", first_number=100)
    assert give(company) == ["AU-2026-00100"]
    assert AuditEntry.objects.get(action="series.change").changes == {
        "prefix": ["SO", "AU"],
        "first_number": [1, 100],
    }
    assert refused(actor, change_series, series=changed, prefix="XX") == ["series-used"]
    assert refused(actor, change_series, series=series["quotation"], prefix="AU") == ["series-collision"]


def test_a_used_series_is_succeeded(company: Company, actor: Actor, series: Series) -> None:
    give(company)
    old = series["sales_order"]
    facts: dict[str, Any] = {"series": old, "prefix": "AU", "pattern": "{prefix}-{year}-{number:05d}"}
    assert refused(actor, succeed_series, valid_from=DAY, **facts) == ["series-later-number"]
    new = succeed_series(actor=actor, valid_from=dt.date(2027, 1, 1), first_number=500, **facts)
    assert (new.succeeds, new.kind) == (old, "sales_order")
    assert give(company, on=dt.date(2026, 12, 31)) == ["SO-2026-00002"]
    assert give(company, on=dt.date(2027, 1, 1)) == ["AU-2027-00500"]
    assert refused(actor, close_series, series=old, last_day=dt.date(2027, 6, 1)) == ["series-closed"]


def test_a_successor_may_keep_its_prefix_where_the_years_differ(
    company: Company, actor: Actor, series: Series
) -> None:
    give(company)
    facts: dict[str, Any] = {
        "series": series["sales_order"],
        "prefix": "SO",
        "pattern": "{prefix}-{year}-{number:06d}",
    }
    assert refused(actor, succeed_series, valid_from=dt.date(2026, 7, 1), **facts) == ["series-collision"]
    succeed_series(actor=actor, valid_from=dt.date(2027, 1, 1), **facts)
    assert give(company, on=dt.date(2027, 1, 1)) == ["SO-2027-000001"]


def test_series_are_the_administrators(actor: Actor, series: Series) -> None:
    clerk = Actor(
        user_id=actor.user_id, name="x", company_id=actor.company_id, scopes=frozenset({"sales:write"})
    )
    with pytest.raises(NotPermitted):
        create_series(actor=clerk, kind="sales_order", prefix="X", type_group="x")


def test_the_database_refuses_two_series_at_a_time(company: Company, series: Series) -> None:
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        NumberSeries.objects.create(company=company, kind="sales_order", prefix="X", valid_from=DAY)
    with pytest.raises(IntegrityError, match="reset_shows_year"), transaction.atomic():
        NumberSeries.objects.create(
            company=company, kind="sales_order", type_group="x", pattern="{number}", valid_from=DAY
        )


def test_the_preview_goes_across_the_years_end(company: Company, series: Series) -> None:
    give(company, times=2)
    give(company, "customer")
    rows = {row.kind: row for row in series_for_preview()}
    assert preview(rows["sales_order"], DAY) == [
        (DAY, ["SO-2026-00003", "SO-2026-00004"]), (dt.date(2027, 1, 1), ["SO-2027-00001", "SO-2027-00002"])
    ]  # fmt: skip
    assert preview(rows["customer"], DAY) == [
        (DAY, ["C-10002", "C-10003"]), (dt.date(2027, 1, 1), ["C-10004", "C-10005"])
    ]  # fmt: skip


# -- the old system


OLD = {
    "sales_order": {"prefix": "SO-", "width": 5, "start": 1, "value": 42},
    "article": {"prefix": "", "width": 1, "start": 1, "value": 7},
}


def test_an_old_systems_counters_go_on(company: Company, series: Series, tmp_path: Path) -> None:
    file = tmp_path / "series.json"
    file.write_text(json.dumps(OLD))
    call_command("import_number_series", str(file), company="TEST")
    assert give(company) + give(company, on=dt.date(2027, 1, 1)) == ["SO-00042", "SO-00043"]
    assert give(company, "article") == ["7"]
    assert AuditEntry.objects.filter(action="series.import").count() == 2
    with translation.override("en"), pytest.raises(CommandError, match="given numbers already"):
        call_command("import_number_series", str(file), company="TEST")


def test_an_import_without_a_series_makes_one(company: Company, actor: Actor) -> None:
    import_series(actor=actor, content=OLD, company=company)
    assert give(company) == ["SO-00042"]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ({"gift": {}, "article": 7}, ["kind", "import"]),
        ({"sales_order": {**OLD["sales_order"], "value": "42"}}, ["import"]),
        ({"sales_order": {**OLD["sales_order"], "width": 0}}, ["import"]),
        ({"sales_order": {**OLD["sales_order"], "value": 0}}, ["import"]),
        ({"sales_order": {**OLD["sales_order"], "prefix": "Ä"}}, ["invalid"]),
        ({"sales_order": {**OLD["sales_order"], "prefix": "QUO-"}, "quotation": {**OLD["sales_order"], "prefix": "QUO-"}}, ["series-collision"]),
    ],
)  # fmt: skip
def test_a_wrong_import_changes_nothing(
    company: Company, actor: Actor, series: Series, content: dict[str, Any], codes: list[str]
) -> None:
    assert refused(actor, import_series, content=content, company=company) == codes
    assert not SeriesCounter.objects.exists()


@pytest.mark.parametrize(("content", "words"), [("{", "can't be read"), ("[]", "one object")])
def test_a_wrong_file_is_told(company: Company, tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "series.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_number_series", str(file), company="TEST")
    with pytest.raises(CommandError, match="no such company"):
        call_command("import_number_series", str(file), company="NOPE")
