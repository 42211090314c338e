"""The register's own acts: reserve and void a number, reset a counter, prepare a year."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from numbering.kinds import HIGHEST, NumberState, Reset
from numbering.models import IssuedNumber, NumberSeries, SeriesCounter
from numbering.selectors import render_number
from numbering.services.allocation import NumberRequest, allocate_many
from valeo.core.exceptions import NotFound, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

#: more numbers than these are not made void by a reset
MOST_SKIPPED: Final = 10_000
_SKIP: Final = """
INSERT INTO numbering_issuednumber
  (company_id, series_id, kind, year, value, number, state, document_type, dated, reason, by_id, at)
VALUES (%s, %s, %s, %s, %s, %s, 'void', '', %s, %s, %s, %s)
"""


@transaction.atomic
def reserve(
    *,
    actor: Actor,
    kind: str,
    on: dt.date,
    branch_id: int | None = None,
    type_group: str = "",
    reason: str = "",
) -> IssuedNumber:
    """Take the next number outside of a document; it is used or made void later. Audited."""
    actor.require("admin:all")
    request = NumberRequest(
        company_id=actor.company_id,
        kind=kind,
        on=on,
        branch_id=branch_id,
        type_group=type_group,
        user_id=actor.user_id,
        state=NumberState.RESERVED,
    )
    [number] = allocate_many([request])
    row: IssuedNumber = IssuedNumber.everywhere.get(company_id=actor.company_id, kind=kind, number=number)
    _tell(actor, "number.reserve", row, reason)
    return row


@transaction.atomic
def use_reserved(*, actor: Actor, kind: str, number: str, document_uuid: uuid.UUID) -> IssuedNumber:
    """A document takes a reserved number; raises ``Refused`` where it is not reserved."""
    row = _reserved(actor, kind, number)
    row.state, row.document_uuid, row.document_type = NumberState.USED, document_uuid, kind
    row.by_id, row.at = actor.user_id, timezone.now()
    row.save(update_fields=["state", "document_uuid", "document_type", "by_id", "at"])
    _tell(actor, "number.use", row, "")
    return row


@transaction.atomic
def void(*, actor: Actor, kind: str, number: str, reason: str) -> IssuedNumber:
    """A reserved number is given up for good: an explained gap. Audited."""
    actor.require("admin:all")
    if not reason.strip():
        raise Refused(Violation("reason", _("Say why the number is not used."), "reason"))
    row = _reserved(actor, kind, number)
    row.state, row.reason, row.by_id, row.at = (
        NumberState.VOID,
        reason.strip()[:200],
        actor.user_id,
        timezone.now(),
    )
    row.save(update_fields=["state", "reason", "by_id", "at"])
    _tell(actor, "number.void", row, reason)
    return row


@transaction.atomic
def reset(*, actor: Actor, series: NumberSeries, year: int, next_value: int, reason: str) -> SeriesCounter:
    """Set a counter's next number. Audited.

    Refused where a number would be given twice; numbers that are skipped become void with the reason.
    """
    actor.require("admin:all")
    if not reason.strip():
        raise Refused(Violation("reason", _("Say why the counter is set."), "reason"))
    if series.company_id != actor.company_id:
        raise NotFound
    counter = _counter(series, year)
    before = counter.next_value
    _refuse_reset(series, counter, next_value)
    if not IssuedNumber.everywhere.filter(series=series, year=year).exists():
        counter.first_value = next_value
    else:
        _skip(actor, series, counter, range(before, next_value), reason.strip()[:200])
    counter.next_value = next_value
    counter.save(update_fields=["first_value", "next_value"])
    journal = Journal(actor)
    journal.entry(
        action="series.reset",
        obj=series,
        reason=reason,
        changes={"next_value": [before, next_value]},
        data={"year": year},
    )
    journal.flush()
    return counter


def _counter(series: NumberSeries, year: int) -> SeriesCounter:
    """The counter, locked; one that is not there yet is made."""
    rows = SeriesCounter.everywhere.select_for_update(no_key=True)
    counter: SeriesCounter
    counter, _made = rows.get_or_create(
        company_id=series.company_id,
        series=series,
        year=year,
        defaults={"first_value": series.first_number, "next_value": series.first_number},
    )
    return counter


def _refuse_reset(series: NumberSeries, counter: SeriesCounter, next_value: int) -> None:
    if next_value < series.first_number:
        raise Refused(
            Violation("reset-below-first", _("That is below the first number of the series."), "next_value")
        )
    if IssuedNumber.everywhere.filter(series=series, year=counter.year, value__gte=next_value).exists():
        raise Refused(
            Violation("reset-repeats", _("Numbers from there on were given already."), "next_value")
        )
    if next_value > HIGHEST:
        raise Refused(Violation("reset-too-far", _("At most %(most)d.") % {"most": HIGHEST}, "next_value"))
    issued = IssuedNumber.everywhere.filter(series=series, year=counter.year)
    if issued.exists() and next_value - counter.next_value > MOST_SKIPPED:
        text = _("At most %(most)d numbers can be skipped.") % {"most": MOST_SKIPPED}
        raise Refused(Violation("reset-too-far", text, "next_value"))


def _skip(actor: Actor, series: NumberSeries, counter: SeriesCounter, values: range, reason: str) -> None:
    """The skipped numbers enter the register; their place in the year is that of the last number."""
    now = timezone.now()
    dated = counter.last_date or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.executemany(
            _SKIP,
            [
                (
                    series.company_id, series.pk, series.kind, counter.year, value,
                    render_number(series, counter.year or dated.year, value), dated, reason, actor.user_id, now,
                )
                for value in values
            ],
        )  # fmt: skip


@transaction.atomic
def init_year(*, actor: Actor, year: int) -> list[SeriesCounter]:
    """Prepare the counters of a year for every series that begins again; those that exist stay. Audited."""
    actor.require("admin:all")
    if not 2000 <= year <= 2999:
        raise Refused(Violation("year", _("The year must be between 2000 and 2999."), "year"))
    made: list[SeriesCounter] = []
    for series in (
        NumberSeries.everywhere.filter(company_id=actor.company_id).exclude(reset=Reset.NEVER).order_by("id")
    ):
        if series.valid_from.year > year or (series.valid_to and series.valid_to.year < year):
            continue
        counter, created = SeriesCounter.everywhere.get_or_create(
            company_id=series.company_id,
            series=series,
            year=year,
            defaults={"first_value": series.first_number, "next_value": series.first_number},
        )
        if created:
            made.append(counter)
    if made:
        journal = Journal(actor)
        journal.entry(
            action="series.init-year", data={"year": year, "series": [counter.series_id for counter in made]}
        )
        journal.flush()
    return made


def _reserved(actor: Actor, kind: str, number: str) -> IssuedNumber:
    row: IssuedNumber | None = (
        IssuedNumber.everywhere.select_for_update(no_key=True)
        .filter(company_id=actor.company_id, kind=kind, number=number)
        .first()
    )
    if row is None:
        raise NotFound
    if row.state != NumberState.RESERVED:
        raise Refused(
            Violation("number-not-reserved", _("%(number)s is not reserved.") % {"number": number}, "number")
        )
    return row


def _tell(actor: Actor, action: str, row: IssuedNumber, reason: str) -> None:
    journal = Journal(actor)
    journal.entry(action=action, obj=row, label=row.number, reason=reason, data={"kind": row.kind})
    journal.flush()
