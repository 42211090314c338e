"""How a document's state is shown: icon and text, colour is the third cue. Labels here are the general ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Look:
    """Icon and general label of a state."""

    icon: str
    label: str | Promise


LOOKS: dict[str, Look] = {
    "draft": Look("st-draft", _("Draft")),
    "pending": Look("st-pending", _("Awaiting approval")),
    "approved": Look("st-approved", _("Approved")),
    "posted": Look("st-posted", _("Posted")),
    "rejected": Look("st-rejected", _("Rejected")),
    "cancelled": Look("st-cancelled", _("Cancelled")),
}
UNKNOWN = Look("unknown", "")


def look_of(state: str) -> Look:
    """The look of a state code; a code we don't know keeps its text and gets no colour."""
    return LOOKS.get(str(state), UNKNOWN)
