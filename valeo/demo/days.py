"""The days of the demo, counted back from today so that the data never look old."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

#: how far back the stories begin; the months of these days are open
SPAN: Final = 45
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Days:
    today: dt.date

    def ago(self, days: int) -> dt.date:
        """The day so many days ago; a Saturday or Sunday counts as the Friday before. Never out of order."""
        day = self.today - dt.timedelta(days=days)
        return day - dt.timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def ahead(self, days: int) -> dt.date:
        return self.today + dt.timedelta(days=days)

    @property
    def opening(self) -> dt.date:
        """The day of the opening balances."""
        return self.ago(SPAN - 5)

    @property
    def first_open(self) -> dt.date:
        """The first day of the oldest month in which something is posted."""
        return (self.today - dt.timedelta(days=SPAN)).replace(day=1)
