"""The texts that the scripts show, in the user's language."""

from __future__ import annotations

from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from valeo.core.components import formats


def texts() -> dict[str, str]:
    """Message by key; ``{x}`` is filled by the script."""
    form = formats.current()
    return {
        "language": get_language() or "en",
        "decimal": form.point,
        "group": form.group,
        "live.connected": _("Connected"),
        "live.connecting": _("Connecting …"),
        "live.reconnecting": _("Reconnecting …"),
        "live.offline": _("Offline since {time}"),
        "close": _("Close"),
        "view": _("View"),
        "combo.hits": _("{n} hits"),
        "combo.none": _("Nothing found"),
        "combo.failed": _("The search does not answer. Type the number, it is checked when you save."),
        "combo.choose": _("choose"),
        "combo.take": _("take"),
        "lots.pick": _("Lot in stock …"),
        "draft.back": _("Your entries of {time} are back."),
        "draft.why": _("They were not saved yet, nothing is lost."),
        "draft.discard": _("Start over"),
        "draft.kept": _("kept on this device {time}"),
        "editor.number": _("line"),
        "editor.pasted": _("{n} lines pasted"),
        "editor.pastedsome": _("{n} lines pasted. A document has at most {most}: {left} rows did not fit."),
        "editor.full": _("A document has at most {n} lines."),
        "editor.deleted": _("Line {n} deleted"),
        "editor.undo": _("Undo"),
        "editor.offline": _("Totals are not up to date: no connection."),
        "editor.noerror": _("No error left"),
        "rows.full": _("More than {n} do not fit here."),
        "rows.deleted": _("Entry removed"),
        "table.selected": _("{n} selected"),
        "table.all": _("all {n} selected"),
        "leave": _("You have entries that are not saved."),
        "palette.none": _("Nothing found"),
        "palette.commands": _("Go to"),
        "verify.same": _("{name} matches."),
        "verify.same.more": _("The file is, byte for byte, the version that was issued."),
        "verify.other": _("{name} does not match."),
        "verify.other.more": _("The file was changed or is another version. Ask the issuer before you pay."),
        "verify.impossible": _("Your browser can't compare here: it needs a secure connection (https)."),
        "verify.reading": _("Reading {name} …"),
        "verify.large": _("{name} is larger than 50 MB and can't be compared here."),
        "event.submit": _("{user} has submitted {number}"),
        "event.approve": _("{user} has approved {number}"),
        "event.post": _("{user} has posted {number}"),
        "event.reject": _("{user} has rejected {number}"),
        "event.cancel": _("{user} has cancelled {number}"),
        "event.other": _("{user} has changed {number}"),
    }


def script_texts() -> SafeString:
    """A data block (no script runs in it) that ``i18n.js`` reads."""
    return json_script(texts(), "i18n")
