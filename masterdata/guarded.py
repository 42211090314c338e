"""Changes of a partner that may ask for a second person (contract § 4, four eyes).

The floor above fills in the gate: it keeps the change as a request and answers True, or answers False and the
change takes effect at once. Without a gate every change takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from masterdata.models import Partner
from valeo.events.journal import Journal

CREDIT_LIMIT: Final = "credit_limit"
BANK_ACCOUNT: Final = "bank_account"
TAX_STATUS: Final = "tax_status"

#: what is guarded, with its name on screens
GUARDED_FIELDS: Final[dict[str, Promise]] = {
    CREDIT_LIMIT: _("Credit limit"),
    BANK_ACCOUNT: _("Bank account"),
    TAX_STATUS: _("Tax status"),
}


@dataclass(frozen=True, slots=True)
class GuardedChange:
    """A change that was asked for and not made. ``old`` and ``new`` are plain values that JSON can hold.

    credit_limit: text of the amount or None · bank_account: columns with ``uuid`` (None: a new one), new None: remove
    · tax_status: list of {status, valid_from, valid_to}.
    """

    field: str
    old: Any
    new: Any
    reason: str = ""


ChangeGate = Callable[[Journal, Partner, Sequence[GuardedChange]], bool]


class _Registry:
    gate: ChangeGate | None = None


def register_change_gate(gate: ChangeGate) -> None:
    """Called once, by the floor that keeps change requests, when it is ready."""
    _Registry.gate = gate


def withheld(journal: Journal, partner: Partner, changes: Sequence[GuardedChange]) -> bool:
    """True when a second person has to decide; the gate has kept the changes then."""
    return bool(changes) and _Registry.gate is not None and _Registry.gate(journal, partner, changes)
