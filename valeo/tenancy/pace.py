"""How many pages a signed-in user may ask for: against programs that ran wild, not against people (contract § 10).

Counted by each web process for itself, in memory: a statement in the database for every page would cost more than
it saves, and the limit is far above what a person does. Sign-in, verification and exports count over all processes.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Final

from django.conf import settings

from valeo.core.exceptions import TooManyRequests

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_lock: Final = threading.Lock()
_counts: dict[int, int] = {}
_window: list[int] = [0]


def check(user_id: int) -> None:
    """Count a page; raises ``TooManyRequests`` beyond ``RATE_BROWSER``."""
    if not settings.RATELIMIT_ENABLE:
        return
    most, seconds = _rate(settings.RATE_BROWSER)
    now = time.time()
    window = int(now // seconds)
    with _lock:
        if window != _window[0]:
            _window[0] = window
            _counts.clear()
        count = _counts[user_id] = _counts.get(user_id, 0) + 1
    if count > most:
        raise TooManyRequests(max(1, int((window + 1) * seconds - now)))


@cache
def _rate(text: str) -> tuple[int, int]:
    """``1200/m`` is 1200 in 60 seconds."""
    count, _slash, period = text.partition("/")
    return int(count), _SECONDS[period]
