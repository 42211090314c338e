"""How long an item has been due, in the usual steps: the same for the figures and for the lists behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Age:
    """Days overdue, both ends included; ``last`` None has no end, ``first`` 0 is not due yet."""

    code: str
    label: Promise
    first: int
    last: int | None

    def condition(self, today: dt.date) -> Q:
        """The items of this age that somebody owes; credits have none."""
        owed = Q(settled_at__isnull=True, open_company__gt=0)
        if self.first == 0:
            return owed & Q(due__gte=today)
        late = owed & Q(due__lte=today - dt.timedelta(days=self.first))
        return late if self.last is None else late & Q(due__gte=today - dt.timedelta(days=self.last))


AGES: Final = (
    Age("current", _("not due"), 0, 0),
    Age("1-30", _("1–30 days"), 1, 30),
    Age("31-60", _("31–60 days"), 31, 60),
    Age("61-90", _("61–90 days"), 61, 90),
    Age("91", _("over 90 days"), 91, None),
)
BY_CODE: Final = {age.code: age for age in AGES}
