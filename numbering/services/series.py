"""Looking after number series: create, change while unused, close and succeed, take over from an old system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from numbering.kinds import HIGHEST, LONGEST, LONGEST_TIMELESS, PREFIXES, TIMELESS, Reset, SeriesKind
from numbering.models import IssuedNumber, NumberSeries, SeriesCounter
from numbering.patterns import Shape, could_collide, expression, longest, number_fields, shows_year
from numbering.selectors import shape_of
from valeo.audit.changes import changes_between, values_of
from valeo.core.exceptions import Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Company

#: how far a series must be able to run on from its first number
ROOM: Final = 10_000_000
#: from when the series of a new company count
BEGINNING: Final = dt.date(2000, 1, 1)
FACTS: Final = (
    "kind", "branch", "type_group", "valid_from", "valid_to", "prefix", "pattern", "first_number", "reset",
)  # fmt: skip
_YEARLY: Final = "{prefix}-{year}-{number:05d}"
_RUNNING: Final = "{prefix}-{number:05d}"


@transaction.atomic
def create_series(
    *,
    actor: Actor,
    kind: str,
    prefix: str,
    branch: Branch | None = None,
    type_group: str = "",
    valid_from: dt.date = BEGINNING,
    valid_to: dt.date | None = None,
    pattern: str = _YEARLY,
    first_number: int = 1,
    reset: str = Reset.CALENDAR,
) -> NumberSeries:
    """A new series; raises ``Refused`` for a wrong pattern, an overlap, or numbers that another series could give."""
    actor.require("admin:all")
    series = NumberSeries(
        company_id=actor.company_id,
        kind=kind,
        branch=branch,
        type_group=type_group,
        valid_from=valid_from,
        valid_to=valid_to,
        prefix=prefix,
        pattern=pattern,
        first_number=first_number,
        reset=reset,
    )
    _insert(actor, [series], action="series.create")
    return series


@transaction.atomic
def change_series(*, actor: Actor, series: NumberSeries, **facts: Any) -> NumberSeries:
    """Change a series that has given no number yet; raises ``Refused`` once it has, or for what is wrong."""
    actor.require("admin:all")
    series = _locked(actor, series.pk)
    if SeriesCounter.everywhere.filter(series=series).exists():
        raise Refused(
            Violation("series-used", _("A used series is not changed. Close it and let another succeed."))
        )
    before = values_of(series)
    for name, value in facts.items():
        if name not in FACTS:
            raise TypeError(f"{name} is no fact of a series")
        setattr(series, name, value)
    _check([series])
    series.save()
    journal = Journal(actor)
    journal.entry(action="series.change", obj=series, changes=changes_between(before, series))
    journal.flush()
    return series


@transaction.atomic
def close_series(*, actor: Actor, series: NumberSeries, last_day: dt.date) -> NumberSeries:
    """No number is given for days after ``last_day``; raises ``Refused`` where later days already have one."""
    actor.require("admin:all")
    series = _close(_locked(actor, series.pk), last_day)
    journal = Journal(actor)
    journal.entry(action="series.close", obj=series, changes={"valid_to": [None, last_day]})
    journal.flush()
    return series


@transaction.atomic
def succeed_series(
    *,
    actor: Actor,
    series: NumberSeries,
    valid_from: dt.date,
    prefix: str,
    pattern: str,
    first_number: int = 1,
    reset: str = Reset.CALENDAR,
) -> NumberSeries:
    """Close a series the day before and let a new one of the same kind, branch and type group follow."""
    actor.require("admin:all")
    old = _close(_locked(actor, series.pk), valid_from - dt.timedelta(days=1))
    successor = NumberSeries(
        company_id=actor.company_id,
        kind=old.kind,
        branch_id=old.branch_id,
        type_group=old.type_group,
        valid_from=valid_from,
        prefix=prefix,
        pattern=pattern,
        first_number=first_number,
        reset=reset,
        succeeds=old,
    )
    _insert(actor, [successor], action="series.succeed")
    return successor


@transaction.atomic
def create_default_series(company: Company, actor: Actor) -> list[NumberSeries]:
    """The series of all kinds, partners and articles that a company has not; for a new company all of them."""
    present = set(NumberSeries.everywhere.filter(company=company).values_list("kind", flat=True))
    missing = [
        NumberSeries(
            company=company,
            kind=kind,
            prefix=PREFIXES[kind],
            valid_from=BEGINNING,
            pattern=_RUNNING if kind in TIMELESS else _YEARLY,
            first_number=10001 if kind in TIMELESS else 1,
            reset=Reset.NEVER if kind in TIMELESS else Reset.CALENDAR,
        )
        for kind in SeriesKind
        if kind not in present
    ]
    if missing:
        _insert(actor, missing, action="series.create")
    return missing


@transaction.atomic
def import_series(*, actor: Actor, content: Mapping[str, Any], company: Company) -> list[NumberSeries]:
    """Take over an old system's counters: kind → prefix, width, start and value, which is the NEXT number.

    An unused series of the kind takes the old form and runs on; raises ``Refused`` with everything that is wrong.
    """
    actor.require("admin:all")
    violations = [violation for kind, facts in content.items() for violation in _import_problems(kind, facts)]
    if violations:
        raise Refused(violations)
    series = [_imported(company, kind, facts) for kind, facts in content.items()]
    _check(series)
    journal = Journal(actor)
    for each in series:
        each.save()
        SeriesCounter.everywhere.create(
            company=company, series=each, year=0, first_value=each.first_number, next_value=each.first_number
        )
        journal.entry(action="series.import", obj=each, data=dict(content[each.kind]))
    journal.flush()
    return series


def _imported(company: Company, kind: str, facts: Mapping[str, Any]) -> NumberSeries:
    rows = NumberSeries.everywhere.filter(
        company=company, kind=kind, branch=None, type_group="", valid_to=None
    )
    series: NumberSeries = rows.first() or NumberSeries(company=company, kind=kind, valid_from=BEGINNING)
    if series.pk and SeriesCounter.everywhere.filter(series=series).exists():
        raise Refused(
            Violation(
                "series-used", _("The series of %(kind)s has given numbers already.") % {"kind": kind}, kind
            )
        )
    series.prefix = facts["prefix"]
    series.pattern = f"{{prefix}}{{number:0{facts['width']}d}}"
    series.first_number = facts["value"]
    series.reset = Reset.NEVER
    return series


def _import_problems(kind: str, facts: Any) -> Iterable[Violation]:
    if kind not in SeriesKind.values:
        yield Violation("kind", _("There is no kind %(kind)s.") % {"kind": kind}, kind)
        return
    if not isinstance(facts, Mapping) or not isinstance(facts.get("prefix"), str):
        yield Violation("import", _("%(kind)s needs prefix, width, start and value.") % {"kind": kind}, kind)
        return
    for name, least, most in (("width", 1, 9), ("start", 0, 10**12), ("value", 0, 10**12)):
        value = facts.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            text = _("%(kind)s: %(name)s must be a whole number from %(least)d to %(most)d.")
            yield Violation("import", text % {"kind": kind, "name": name, "least": least, "most": most}, kind)
            return
    if facts["value"] < facts["start"]:
        yield Violation("import", _("%(kind)s: the next number is below the start.") % {"kind": kind}, kind)


def _locked(actor: Actor, pk: int) -> NumberSeries:
    Company.objects.select_for_update(no_key=True).get(
        pk=actor.company_id
    )  # before its series, as everywhere
    series: NumberSeries = NumberSeries.everywhere.select_for_update(no_key=True).get(
        pk=pk, company_id=actor.company_id
    )
    return series


def _close(series: NumberSeries, last_day: dt.date) -> NumberSeries:
    if series.valid_to is not None and series.valid_to <= last_day:
        raise Refused(Violation("series-closed", _("The series is closed already."), "valid_from"))
    if last_day < series.valid_from:
        raise Refused(Violation("series-order", _("The series begins only after this day."), "valid_from"))
    latest = (
        SeriesCounter.everywhere.filter(series=series, last_date__gt=last_day).order_by("-last_date").first()
    )
    if latest is not None:
        text = _("The series has already given a number for %(day)s.") % {
            "day": formats.date_format(latest.last_date)
        }
        raise Refused(Violation("series-later-number", text, "valid_from"))
    series.valid_to = last_day
    series.save(update_fields=["valid_to"])
    return series


def _insert(actor: Actor, series: list[NumberSeries], *, action: str) -> None:
    _check(series)
    NumberSeries.everywhere.bulk_create(series)
    journal = Journal(actor)
    for each in series:
        journal.entry(
            action=action,
            obj=each,
            data={name: each.__dict__.get(name) for name in FACTS if name != "branch"},
        )
    journal.flush()


def _check(changed: list[NumberSeries]) -> None:
    """Raise ``Refused`` with everything that is wrong with new or changed series.

    Locks the company: two administrators come one after the other, also who gives a branch another code.
    """
    company_id = changed[0].company_id
    ids = {series.pk for series in changed}
    code = Company.objects.select_for_update(no_key=True).get(pk=company_id).code
    others = [series for series in _all_of(company_id) if series.pk not in ids]
    branches = _branch_codes(company_id)
    violations: list[Violation] = []
    for index, series in enumerate(changed):
        violations += _field_problems(series)
        if not violations:
            violations += _length_problems(series, shape_of(series, code, branches))
            violations += _conflicts(series, [*others, *changed[:index]], code, branches)
    if violations:
        raise Refused(violations)


def _all_of(company_id: int) -> list[NumberSeries]:
    """The company's series, locked; to be read after the company is, so that none that was just made is missed."""
    rows = NumberSeries.everywhere.select_for_update(no_key=True, of=("self",)).filter(company_id=company_id)
    return list(rows.order_by("id"))


def _branch_codes(company_id: int) -> dict[int, str]:
    return dict(Branch.everywhere.filter(company_id=company_id).values_list("pk", "code"))


def branch_code_problems(branch: Branch, code: str) -> Iterable[Violation]:
    """What speaks against another code of a branch; a guard of ``valeo.administration.hooks``.

    Numbers were given with the code that it has (contract § 6: a used series is not changed), or the branch's own
    series would become too long or could give the numbers of another one. The caller has locked the company, and the
    branch, which whoever gives a number that shows its code holds as well: so the first one is never missed.
    """
    company = Company.objects.values_list("code", flat=True).get(pk=branch.company_id)
    codes = _branch_codes(branch.company_id)
    series = _all_of(branch.company_id)
    concerned = [row for row in series if "{branch}" in row.pattern and row.branch_id in (branch.pk, None)]
    old = codes[branch.pk]
    for row in concerned:
        if _given_with(row, Shape(row.pattern, row.prefix, company, old), own=row.branch_id is not None):
            text = _(
                "Numbers of the series %(series)s carry the code %(code)s, so it stays. Make a new branch instead."
            )
            yield Violation("branch-code-used", text % {"series": row, "code": old}, "code")
            return
    codes[branch.pk] = code
    for row in concerned:
        if row.branch_id is None:
            continue  # checked for any code, when it was made
        others = [other for other in series if other is not row]
        problems = [
            *_length_problems(row, shape_of(row, company, codes)),
            *_conflicts(row, others, company, codes),
        ]
        for problem in problems:
            text = _("The number series %(series)s shows this code. %(problem)s")
            yield Violation(problem.code, text % {"series": row, "problem": problem.text}, "code")


def _given_with(series: NumberSeries, shape: Shape, *, own: bool) -> bool:
    """Whether numbers were given with the branch's code; of its own series every number was."""
    if own:
        return SeriesCounter.everywhere.filter(series=series).exists()
    return IssuedNumber.everywhere.filter(series=series, number__regex=expression(shape)).exists()


def _field_problems(series: NumberSeries) -> Iterable[Violation]:
    try:
        series.clean_fields(exclude=["company"])
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            yield from (Violation("invalid", text, field) for text in texts)
        return
    if series.first_number > HIGHEST:
        text = _("At most %(most)d.") % {"most": HIGHEST}
        yield Violation("first-number-high", text, "first_number")
    if number_fields(series.pattern) != 1:
        yield Violation("pattern-number", _("The pattern has {number} exactly once."), "pattern")
    if series.reset != Reset.NEVER and not shows_year(series.pattern):
        yield Violation(
            "pattern-year",
            _("A series that begins again each year shows the year in its pattern."),
            "pattern",
        )
    if series.valid_to is not None and series.valid_to < series.valid_from:
        yield Violation("series-order", _("It ends before it begins."), "valid_to")


def _length_problems(series: NumberSeries, shape: Shape) -> Iterable[Violation]:
    """A number that its column does not hold would be refused by the database when somebody posts."""
    most = LONGEST_TIMELESS if series.kind in TIMELESS else LONGEST
    if longest(shape, value=series.first_number + ROOM) > most:
        text = _("The numbers would be longer than %(most)d characters.") % {"most": most}
        yield Violation("pattern-long", text, "pattern")


def _conflicts(
    series: NumberSeries, others: list[NumberSeries], company: str, branches: Mapping[int, str]
) -> Iterable[Violation]:
    mine = shape_of(series, company, branches)
    for other in others:
        same_place = (other.kind, other.branch_id, other.type_group) == (
            series.kind,
            series.branch_id,
            series.type_group,
        )
        if same_place and _overlap(series, other):
            text = _("Another series of this kind is valid at the same time. Close it first.")
            yield Violation("series-overlap", text, "valid_from")
        elif could_collide(mine, shape_of(other, company, branches)) and not _years_apart(series, other):
            text = _("%(other)s could give the same numbers. Choose another prefix or pattern.")
            yield Violation("series-collision", text % {"other": other}, "pattern")


def _overlap(one: NumberSeries, other: NumberSeries) -> bool:
    ends = dt.date.max
    return one.valid_from <= (other.valid_to or ends) and other.valid_from <= (one.valid_to or ends)


def _years_apart(one: NumberSeries, other: NumberSeries) -> bool:
    """Whether both show the full year at the same place, and never the same one."""
    start = one.pattern.split("{number")[0].replace("{prefix}", one.prefix)
    other_start = other.pattern.split("{number")[0].replace("{prefix}", other.prefix)
    if start != other_start or "{year}" not in start or Reset.FISCAL in (one.reset, other.reset):
        return False
    earlier, later = sorted((one, other), key=lambda series: series.valid_from)
    return earlier.valid_to is not None and earlier.valid_to.year < later.valid_from.year
