"""What customers owe, by how long it has been due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Min, Q, Sum

from payments.ages import AGES, Age
from payments.kinds import Side
from payments.models import OpenItem
from valeo.core.components.data import BarPart
from valeo.office.places import address

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is of one age, and the list of it."""

    label: str
    amount: Decimal
    count: int
    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Debtor:
    name: str
    url: str
    amount: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Receivables:
    """In company currency. ``credits`` are payments and credits that are not set off yet, above zero."""

    total: Decimal = ZERO
    overdue: Decimal = ZERO
    count: int = 0
    credits: Decimal = ZERO
    ages: list[Bucket] = field(default_factory=list)
    worst: Debtor | None = None
    url: str = ""
    overdue_url: str = ""

    @property
    def overdue_share(self) -> Decimal | None:
        return self.overdue / self.total if self.total else None

    @property
    def parts(self) -> list[BarPart]:
        return [
            BarPart(age.amount / self.total, age.key, age.label)
            for age in self.ages
            if self.total and age.amount
        ]


def receivables(today: dt.date) -> Receivables:
    """Open items of customers; two queries."""
    rows = OpenItem.objects.filter(side=Side.CUSTOMER, settled_at__isnull=True)
    conditions = {f"a{index}": age.condition(today) for index, age in enumerate(AGES)}
    wanted: dict[str, Any] = {
        f"{key}_sum": Sum("open_company", filter=when) for key, when in conditions.items()
    }
    wanted |= {f"{key}_count": Count("pk", filter=when) for key, when in conditions.items()}
    found = rows.aggregate(**wanted, credits=Sum("open_company", filter=Q(open_company__lt=0)))
    ages = [_bucket(f"a{index}", age, found) for index, age in enumerate(AGES)]
    overdue = sum((age.amount for age in ages[1:]), ZERO)
    return Receivables(
        total=ages[0].amount + overdue,
        overdue=overdue,
        count=sum(age.count for age in ages),
        credits=-(found["credits"] or ZERO),
        ages=ages,
        worst=_worst(today) if overdue else None,
        url=address("payments:items", side=Side.CUSTOMER.value),
        overdue_url=_late_url(),
    )


def _late_url(**query: Any) -> str:
    return address("payments:items", side=Side.CUSTOMER.value, state="overdue", **query)


def _bucket(key: str, age: Age, found: dict[str, Any]) -> Bucket:
    url = address("payments:items", side=Side.CUSTOMER.value, age=age.code)
    return Bucket(str(age.label), found[f"{key}_sum"] or ZERO, found[f"{key}_count"], key, url)


def _worst(today: dt.date) -> Debtor | None:
    row = (
        OpenItem.objects.filter(
            side=Side.CUSTOMER, settled_at__isnull=True, due__lt=today, open_company__gt=0
        )
        .values("partner__uuid", "partner__name")
        .annotate(amount=Sum("open_company"), since=Min("due"))
        .order_by("-amount", "partner__uuid")
        .first()
    )
    if row is None:
        return None
    url = _late_url(partner=row["partner__uuid"])
    return Debtor(row["partner__name"], url, row["amount"], (today - row["since"]).days)
