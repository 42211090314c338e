"""Many small counts in one query; none of them counts further than it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, Func, IntegerField, QuerySet, Subquery

from valeo.core.components import formats
from valeo.tenancy.models import Company
from valeo.tenancy.scope import current_company_id

MOST: Final = 999


@dataclass(frozen=True, slots=True)
class Count:
    """A number, and whether there are more than were counted."""

    number: int = 0
    more: bool = False

    def __str__(self) -> str:
        return formats.number(self.number) + ("+" if self.more else "")

    def __bool__(self) -> bool:
        return self.number > 0


def capped(found: int) -> Count:
    return Count(min(found, MOST), found > MOST)


def count_of(rows: QuerySet[Any]) -> Expression:
    """How many rows there are, read no further than one beyond ``MOST``."""
    keys = ArraySubquery(rows.order_by().values("pk")[: MOST + 1])
    return Func(keys, function="CARDINALITY", output_field=IntegerField())


def first_of(rows: QuerySet[Any], column: str) -> Subquery:
    """The smallest value of a column."""
    return Subquery(rows.filter(**{f"{column}__isnull": False}).order_by(column).values(column)[:1])


def facts(expressions: Mapping[str, Expression | Subquery]) -> dict[str, Any]:
    """Several scalar subqueries in one query."""
    if not expressions:
        return {}
    rows: QuerySet[Any, Any] = Company.objects.filter(pk=current_company_id()).values(**expressions)
    return dict(rows[0])


def counts(querysets: Sequence[QuerySet[Any]]) -> list[Count]:
    """How many rows each queryset has; one query for all, none for none."""
    found = facts({f"n{index}": count_of(rows) for index, rows in enumerate(querysets)})
    return [capped(found[f"n{index}"]) for index in range(len(querysets))] if found else []
