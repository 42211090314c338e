"""Giving numbers: the last step before the journal in the transaction that posts."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from numbering.kinds import NumberState, SeriesKind
from numbering.models import SeriesCounter
from numbering.selectors import counter_year, series_for
from valeo.core.exceptions import Refused, Violation
from valeo.core.prepared import prepared


@dataclass(frozen=True, slots=True)
class NumberRequest:
    """Who wants a number of which kind, for a document of which day."""

    company_id: int
    kind: str
    on: dt.date
    branch_id: int | None = None
    type_group: str = ""
    document_uuid: uuid.UUID | None = None
    document_type: str = ""
    user_id: int | None = None
    state: str = NumberState.USED


# One statement: finds each request's most specific series, raises the counters in the order of their series (a
# missing one, of a new year, appears by itself), renders the numbers and writes the register. A counter locked by
# another transaction is waited for and read again, and so is a branch whose code the number shows: who gives it another
# code (``branch_code_problems``) comes wholly before or after. A request without a series, or dated before its counter's
# last date, gets no row.
_ALLOCATE: Final = """
WITH request AS (
  SELECT * FROM jsonb_to_recordset(%(requests)s::jsonb) AS r(ord int, company_id bigint, kind text, dated date,
    branch_id bigint, type_group text, document_uuid uuid, document_type text, user_id bigint, state text)
), found AS (
  SELECT request.*, s.id AS series_id, s.first_number, s.prefix, s.pattern, s.shown,
         CASE WHEN s.reset = 'never' THEN 0 ELSE s.shown END AS year
    FROM request CROSS JOIN LATERAL (
      SELECT n.*, CASE WHEN n.reset = 'fiscal'
               THEN (SELECT extract(year FROM f.start)::int FROM tenancy_fiscalyear f
                      WHERE f.company_id = n.company_id AND request.dated BETWEEN f.start AND f."end")
               ELSE extract(year FROM request.dated)::int END AS shown
        FROM numbering_numberseries n
       WHERE n.company_id = request.company_id AND n.kind = request.kind
         AND n.valid_from <= request.dated AND (n.valid_to IS NULL OR n.valid_to >= request.dated)
         AND (n.branch_id IS NULL OR n.branch_id = request.branch_id)
         AND (n.type_group = '' OR n.type_group = request.type_group)
       ORDER BY n.branch_id IS NULL, n.type_group = '' LIMIT 1) s
   WHERE s.shown IS NOT NULL
), wanted AS (
  SELECT company_id, series_id, year, first_number, count(*) AS n, min(dated) AS earliest, max(dated) AS latest
    FROM found GROUP BY company_id, series_id, year, first_number
), counter AS (
  INSERT INTO numbering_seriescounter AS c (company_id, series_id, year, first_value, next_value, last_date)
  SELECT company_id, series_id, year, first_number, first_number + n, latest FROM wanted ORDER BY series_id, year
  ON CONFLICT (series_id, year) DO UPDATE
    SET next_value = c.next_value + (SELECT n FROM wanted w WHERE w.series_id = c.series_id AND w.year = c.year),
        last_date = excluded.last_date
    WHERE c.last_date IS NULL OR c.last_date <=
          (SELECT earliest FROM wanted w WHERE w.series_id = c.series_id AND w.year = c.year)
  RETURNING c.series_id, c.year, c.next_value
), given AS (
  SELECT found.*, counter.next_value - wanted.n - 1
           + row_number() OVER (PARTITION BY series_id, year ORDER BY found.dated, found.ord) AS value
    FROM found JOIN counter USING (series_id, year) JOIN wanted USING (series_id, year)
), coded AS (
  SELECT b.id, b.code FROM tenancy_branch b
   WHERE b.id = ANY (ARRAY(SELECT branch_id FROM found WHERE strpos(pattern, '{branch}') > 0)) FOR SHARE
), named AS (
  SELECT given.*, regexp_replace(
           replace(replace(replace(replace(replace(given.pattern, '{prefix}', given.prefix),
             '{company}', company.code), '{branch}', COALESCE(coded.code, '')),
             '{year}', given.shown::text), '{yy}', lpad((given.shown %% 100)::text, 2, '0')),
           '\\{number[^}]*\\}',
           lpad(value::text, greatest(length(value::text),
             COALESCE(substring(given.pattern FROM '\\{number:0([1-9])d\\}'), '1')::int), '0')) AS number
    FROM given JOIN tenancy_company company ON company.id = given.company_id
    LEFT JOIN coded ON coded.id = given.branch_id
), written AS (
  INSERT INTO numbering_issuednumber
    (company_id, series_id, kind, year, value, number, state, document_type, document_uuid, dated, reason, by_id, at)
  SELECT company_id, series_id, kind, year, value, number, state, document_type, document_uuid, dated, '', user_id,
         %(now)s
    FROM named ORDER BY series_id, year, value
)
SELECT ord, number FROM named ORDER BY ord
"""


def allocate(
    *,
    company_id: int,
    kind: str,
    on: dt.date,
    branch_id: int | None = None,
    type_group: str = "",
    document_uuid: uuid.UUID | None = None,
    user_id: int | None = None,
) -> str:
    """The next number of the most specific series, used by the document; see ``allocate_many``."""
    request = NumberRequest(
        company_id=company_id,
        kind=kind,
        on=on,
        branch_id=branch_id,
        type_group=type_group,
        document_uuid=document_uuid,
        user_id=user_id,
    )
    return allocate_many([request])[0]


def allocate_many(requests: Sequence[NumberRequest]) -> list[str]:
    """A number for each request, in the order of the requests; counters are locked in the order of their series.

    A rollback of the caller's transaction takes the numbers back, so there is no gap. Raises ``Refused`` with every
    request that has no series or is dated before its counter's last date, or where a number was given before (the
    transaction is then to be rolled back),
    and ``TransactionManagementError`` outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Numbers are given inside a transaction, which posts.")
    if not requests:
        return []
    rows = [_as_row(request, ord_) for ord_, request in enumerate(requests)]
    try:
        with prepared() as cursor:
            cursor.execute(_ALLOCATE, {"requests": json.dumps(rows), "now": timezone.now()})
            numbers: dict[int, str] = dict(cursor.fetchall())
    except IntegrityError as error:
        if "issuednumber_number" not in str(error):
            raise
        text = _("The number series gives a number that was given before. Look at it in the administration.")
        raise Refused(Violation("number-repeats", text)) from error
    if len(numbers) < len(requests):
        missing = [request for ord_, request in enumerate(requests) if ord_ not in numbers]
        raise Refused([reason for request in missing if (reason := _why_not(request))])
    return [numbers[ord_] for ord_ in range(len(requests))]


def _as_row(request: NumberRequest, ord_: int) -> dict[str, Any]:
    return {
        "ord": ord_,
        "company_id": request.company_id,
        "kind": request.kind,
        "dated": request.on.isoformat(),
        "branch_id": request.branch_id,
        "type_group": request.type_group,
        "document_uuid": str(request.document_uuid) if request.document_uuid else None,
        "document_type": request.document_type or request.kind,
        "user_id": request.user_id,
        "state": str(request.state),
    }


def _name(kind: str) -> str:
    """What people call the kind; one that a later app numbers is shown by its code."""
    return str(SeriesKind(kind).label) if kind in SeriesKind.values else kind


def _why_not(request: NumberRequest) -> Violation | None:
    """The reason; None where only another request for the same counter is in the way."""
    series = series_for(
        company_id=request.company_id,
        kind=request.kind,
        branch_id=request.branch_id,
        type_group=request.type_group,
        on=request.on,
    )
    day = formats.date_format(request.on, "SHORT_DATE_FORMAT")
    if series is None:
        text = _("There is no number series for %(kind)s on %(day)s. Create one in the administration.")
        return Violation("no-series", text % {"kind": _name(request.kind), "day": day}, "document_date")
    year = counter_year(series, request.on)
    if year is None:
        text = _("%(day)s lies in no fiscal year, which the number series asks for.")
        return Violation("no-fiscal-year", text % {"day": day}, "document_date")
    last = SeriesCounter.everywhere.get(series=series, year=year).last_date
    if last is None or last <= request.on:
        return None
    text = _("The document date %(day)s is before %(last)s, the date of the last number of this series.")
    last_day = formats.date_format(last, "SHORT_DATE_FORMAT")
    return Violation("date-before-last", text % {"day": day, "last": last_day}, "document_date")
