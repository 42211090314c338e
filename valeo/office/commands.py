"""Commands of the palette: make something new, go somewhere. Only what the actor may do is offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from valeo.office.kinds import allowed
from valeo.office.navigation import Group
from valeo.office.places import address
from valeo.office.selectors.hits import Hit
from valeo.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class Command:
    """``words`` are what it is also found by."""

    label: str
    url: str
    icon: str
    words: str = ""

    def fits(self, typed: list[str]) -> bool:
        text = f"{self.label} {self.words}".casefold()
        return bool(typed) and all(word in text for word in typed)


def commands(actor: Actor, text: str, groups: list[Group] | None = None) -> list[Hit]:
    """What fits the text; ``groups`` adds the navigation's links (the palette has them from the page)."""
    typed = text.casefold().split()
    found = [*_new(actor), *_places(actor)]
    for group in groups or []:
        found += [
            Command(_("Go to: %(place)s") % {"place": item.label}, item.url, item.icon, item.kind)
            for item in group.items
        ]
    return [
        Hit(
            id=each.url, number="", label=each.label, sub=_("Command"), right="", url=each.url, icon=each.icon
        )
        for each in found
        if each.url and each.fits(typed)
    ]


def _new(actor: Actor) -> Iterator[Command]:
    for item in allowed(actor, "write"):
        if item.may_be_direct:
            yield Command(
                str(item.new_label), address("documents:new", item.code), "plus", f"{item.code} {item.prefix}"
            )
    if actor.has_any("sales:write", "purchase:write"):
        yield Command(_("New partner"), address("masterdata:partner-new"), "plus", "partner")
        yield Command(_("New article"), address("masterdata:article-new"), "plus", "article")
        yield Command(_("New price list"), address("masterdata:price-list-new"), "plus")
    if actor.has("inventory:write"):
        yield Command(_("Correct the stock"), address("inventory:correction"), "stock", "correction")


def _places(actor: Actor) -> Iterator[Command]:
    yield Command(_("Go to: %(place)s") % {"place": _("Settings")}, address("tenancy:settings"), "settings")
    yield Command(_("Go to: %(place)s") % {"place": _("Password")}, address("password_change"), "key")
