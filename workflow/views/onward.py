"""Where a decision leads: from the inbox on to what waits next, from elsewhere to the document."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from valeo.tenancy.access import ScopedRequest
from workflow.selectors import inbox

MINE: Final = "mine"
ALL: Final = "all"
#: of the page: who follows an address comes to the item, also where the list stands above it
ITEM: Final = "inbox-item"


def shown_list(request: ScopedRequest) -> str:
    """The list that the form was sent from, ``mine`` or ``all``; empty where it was not sent from the inbox."""
    sent = request.POST.get("inbox", "")
    return sent if sent in (MINE, ALL) else ""


def inbox_url(show: str, key: str = "") -> str:
    """The inbox with an item open."""
    asked = {"show": show, "item": key} if key else {"show": show}
    return f"{reverse('workflow:inbox')}?{urlencode(asked)}{f'#{ITEM}' if key else ''}"


def lead_on(request: ScopedRequest, since: datetime, url: str) -> HttpResponse:
    """303 to the next item that waits, else to ``url``: a reload sends nothing again."""
    show = shown_list(request)
    if show:
        following = inbox.next_after(request.actor, since, mine=show == MINE)
        url = inbox_url(show, following.key if following else "")
    return HttpResponse(status=303, headers={"Location": url})


def tell_done(request: ScopedRequest, text: str, url: str, state: str = "") -> None:
    """What came of it; whoever goes on in the inbox gets a link to what it was done to."""
    if shown_list(request):
        text = format_html('{} <a href="{}">{}</a>', text, url, _("View"))
    messages.success(request, text, extra_tags=state)


def back_from(request: ScopedRequest, url: str, key: str) -> dict[str, str]:
    """The way back of a page that says why not, or asks for the reason."""
    show = shown_list(request)
    if not show:
        return {"back_url": url, "back_label": _("Back to the document")}
    return {"back_url": inbox_url(show, key), "back_label": _("Back to the approvals"), "inbox": show}
