"""Changes of master data that wait, in the reader's words: names for fields, amounts and dates in his form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from masterdata.guarded import BANK_ACCOUNT, CREDIT_LIMIT, GUARDED_FIELDS
from masterdata.kinds import TaxStatus
from masterdata.models import Partner, PartnerBankAccount
from valeo.core.components import formats
from workflow.models import ChangeRequest

NOTHING: Final = "–"
_ACCOUNT: Final = ("iban", "bic", "bank_name", "holder", "is_default", "active")
IBAN_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a change: what it is called, as it is, as it is to be."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        return _("%(what)s: %(old)s → %(new)s") % {"what": self.label, "old": self.old, "new": self.new}


def label_of(change: ChangeRequest) -> str:
    """What is to be changed, by its name on the screens."""
    return str(GUARDED_FIELDS.get(change.field, change.field))


def differences(change: ChangeRequest) -> list[Difference]:
    """What a change request changes, in words."""
    if change.field == CREDIT_LIMIT:
        currency = change.company.currency
        return [Difference(label_of(change), _limit(change.old, currency), _limit(change.new, currency))]
    if change.field == BANK_ACCOUNT:
        return _account(change.old or {}, change.new or {})
    return [Difference(label_of(change), _statuses(change.old), _statuses(change.new))]


def waiting_for(partner: Partner) -> QuerySet[ChangeRequest]:
    """What waits for a second person at one partner, the longest first."""
    return (
        ChangeRequest.objects.filter(partner=partner, state=ChangeRequest.State.PENDING)
        .select_related("company", "requested_by")
        .order_by("requested_at", "pk")
    )


def _limit(value: str | None, currency: str) -> str:
    if value is None:
        return _("none")
    amount = Decimal(value)
    return formats.money(amount, currency) if amount else _("prepayment only")


def _account(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Only what differs; of an account that comes or goes, what it says."""
    return [
        Difference(_column(name), _shown(name, old.get(name)), _shown(name, new.get(name)))
        for name in _ACCOUNT
        if (old.get(name) or "") != (new.get(name) or "")
    ]


def _column(name: str) -> str:
    names = {field.name: str(field.verbose_name) for field in PartnerBankAccount._meta.concrete_fields}
    label = names[name]
    return label[:1].upper() + label[1:]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "iban" and value:
        text = str(value)
        return " ".join(text[at : at + IBAN_GROUP] for at in range(0, len(text), IBAN_GROUP))
    return str(value or NOTHING)


def _statuses(spans: list[Mapping[str, Any]] | None) -> str:
    return "; ".join(_status(span) for span in spans or ()) or NOTHING


def _status(span: Mapping[str, Any]) -> str:
    status = str(dict(TaxStatus.choices).get(span["status"], span["status"]))
    first, last = _day(span["valid_from"]), _day(span["valid_to"])
    if first and last:
        return _("%(status)s, %(first)s to %(last)s") % {"status": status, "first": first, "last": last}
    if first:
        return _("%(status)s, from %(day)s") % {"status": status, "day": first}
    return _("%(status)s, to %(day)s") % {"status": status, "day": last} if last else status


def _day(value: str | None) -> str:
    return formats.day(date.fromisoformat(value)) if value else ""
