"""The first page: what waits, what changed, how it goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel.dates import format_date
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from valeo.core import errors
from valeo.core.components import formats
from valeo.core.exceptions import NotFound, NotPermitted
from valeo.office import tiles
from valeo.office.context import frame_of
from valeo.office.kinds import first_writable
from valeo.office.places import address
from valeo.tenancy.access import ScopedRequest, signed_in

NOON, EVENING = 11, 18
BELL = "bell"


@signed_in
@require_safe
@never_cache
def dashboard(request: ScopedRequest) -> HttpResponse:
    """``/``; ``?part=feed`` gives one box alone, for live updates, ``?part=bell`` what the bell tells.

    Everybody who is signed in gets it, each box only with the scope that reads it.
    """
    if getattr(request, "actor", None) is None:
        raise NotPermitted((), errors.NO_COMPANY)
    looker = tiles.Looker(
        request.actor, request.company, timezone.localdate(), lambda: frame_of(request).inbox_count
    )
    places = tiles.places(request.actor)
    wanted = request.GET.get("part")
    if wanted is None:
        return render(request, "office/dashboard.html", _page(request, looker, places))
    if wanted == BELL:
        return render(request, "partials/notes.html")
    if wanted not in places:
        raise NotFound
    return render(request, "office/tile.html", {"tile": tiles.tile(wanted, places[wanted], looker)})


def _page(request: ScopedRequest, looker: tiles.Looker, places: dict[str, str]) -> dict[str, Any]:
    new = first_writable(request.actor)
    return {
        "greeting": greeting(str(request.user), timezone.localtime()),
        "today": _day(looker.today),
        "new_url": address("documents:new", new.code) if new else "",
        "new_label": str(new.new_label) if new else "",
        "tiles": [tiles.tile(key, place, looker) for key, place in places.items()],
    }


def greeting(name: str, now: dt.datetime) -> str:
    """The time of day and the first name."""
    words = {"name": name.partition(" ")[0]}
    if now.hour < NOON:
        return _("Good morning, %(name)s") % words
    return (_("Good afternoon, %(name)s") if now.hour < EVENING else _("Good evening, %(name)s")) % words


def _day(today: dt.date) -> str:
    weekday = format_date(today, "EEEE", locale=formats.current().locale)
    week = today.isocalendar().week
    return _("%(weekday)s, %(day)s · calendar week %(week)s") % {
        "weekday": weekday,
        "day": formats.day(today),
        "week": week,
    }
