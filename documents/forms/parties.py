"""Parties edited on the document itself; what is not ticked is copied from the partner again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms.reader import Reader
from documents.forms.shown import ShownForm, flag, text
from documents.inputs import PartyInput
from documents.kinds import PartyRole
from documents.models import Party
from documents.services.compose.partying import EDITABLE
from valeo.core.exceptions import Violation

LENGTHS: Final = {
    "name": 200, "name_2": 200, "contact": 200, "street": 200, "street_2": 200, "postal_code": 20, "city": 100,
    "country": 2,
}  # fmt: skip


class PartyForm(ShownForm):
    """One party; ``edited`` says that its fields count."""

    edited = flag(gettext_lazy("Print as typed here"))
    name = text(gettext_lazy("Name"))
    name_2 = text(gettext_lazy("Name, second line"))
    contact = text(gettext_lazy("Contact"))
    street = text(gettext_lazy("Street"))
    street_2 = text(gettext_lazy("Street, second line"))
    postal_code = text(gettext_lazy("Postal code"))
    city = text(gettext_lazy("City"))
    country = text(gettext_lazy("Country"), maxlength="2")


def roles(side: str) -> tuple[PartyRole, ...]:
    """The parties that are not us."""
    return (
        (PartyRole.BUYER, PartyRole.BILL_TO, PartyRole.SHIP_TO) if side == "output" else (PartyRole.SELLER,)
    )


def prefix(role: str) -> str:
    return f"party-{role}"


def read(
    post: Mapping[str, str], side: str, kept: Mapping[str, Party]
) -> tuple[list[PartyInput], list[Violation]]:
    """The edited parties; ``kept`` are the stored ones, whose other fields stay as they are."""
    found, problems = [], []
    for role in roles(side):
        reader = Reader(post, f"{prefix(role)}-")
        if not reader.flag("edited"):
            continue
        old = kept.get(role)
        values = {name: getattr(old, name) for name in EDITABLE} if old is not None and old.is_edited else {}
        values |= {name: reader.text(name, length) for name, length in LENGTHS.items()}
        values["country"] = values["country"].upper()
        if not values["name"]:
            reader.say("party-name", _("Enter the name."), "name")
        if len(values["country"]) != 2 or not values["country"].isascii() or not values["country"].isalpha():
            reader.say("party-country", _("Enter the country as two letters, as in DE."), "country")
        problems += [
            Violation(item.code, item.text, f"{prefix(role)}-{item.field}") for item in reader.problems
        ]
        found.append(PartyInput(role, values))
    return found, problems


def typed_again(post: Mapping[str, str], role: str) -> dict[str, Any]:
    reader = Reader(post, f"{prefix(role)}-")
    return {"edited": reader.flag("edited")} | {name: reader.raw(name) for name in LENGTHS}


def shown(party: Party | None, *, edited: bool) -> dict[str, Any]:
    """A party as its fields show it; one that is not edited shows what is copied."""
    if party is None:
        return {"country": "DE"}
    return {"edited": edited} | {name: getattr(party, name) for name in LENGTHS}
