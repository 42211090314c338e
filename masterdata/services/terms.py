"""Payment terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from masterdata.models import PaymentTerm, PaymentTermInstalment
from masterdata.services.writing import (
    ADMIN,
    FINANCE,
    assign,
    ensure,
    locked,
    one_default,
    save_changed,
    save_new,
    tell,
)  # fmt: skip
from masterdata.terms import HUNDRED, TermPart
from valeo.core.exceptions import Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

FIELDS: Final = ("code", "name_de", "name_en", "note_de", "note_en", "is_default", "active")


@transaction.atomic
def create_payment_term(*, actor: Actor, values: Mapping[str, Any], parts: Sequence[TermPart]) -> PaymentTerm:
    """New terms. The shares must be 100 together. Raises ``Refused``."""
    actor.require(FINANCE, ADMIN)
    term = PaymentTerm(company_id=actor.company_id)
    changes, violations = assign(term, {name: values[name] for name in FIELDS if name in values})
    _move_default(term)
    ensure(term, [*violations, *part_violations(parts)])
    save_new(term)
    changes["instalments"] = [[], _store_parts(term, parts)]
    journal = Journal(actor)
    tell(journal, "payment_term.create", term, label=term.code, changes=changes)
    journal.flush()
    return term


@transaction.atomic
def update_payment_term(
    *,
    actor: Actor,
    uuid: UUID,
    values: Mapping[str, Any],
    parts: Sequence[TermPart] | None = None,
    expected_version: int | None = None,
) -> PaymentTerm:
    """Change terms; documents keep the instalments that they have frozen."""
    actor.require(FINANCE, ADMIN)
    term = locked(PaymentTerm, uuid, actor, expected_version)
    changes, violations = assign(term, {name: values[name] for name in FIELDS if name in values})
    _move_default(term)
    ensure(term, [*violations, *(part_violations(parts) if parts is not None else ())])
    if parts is not None:
        before = parts_of(term)
        if before != sorted(parts, key=lambda part: part.position):
            changes["instalments"] = [_plain(before), _store_parts(term, parts)]
    if changes:
        save_changed(term)
        journal = Journal(actor)
        tell(journal, "payment_term.change", term, label=term.code, changes=changes)
        journal.flush()
    return term


def _move_default(term: PaymentTerm) -> None:
    if term.is_default:
        one_default(PaymentTerm.everywhere.filter(company_id=term.company_id), keep=term)


def parts_of(term: PaymentTerm) -> list[TermPart]:
    """The stored instalments for ``masterdata.terms.split``; reads a prefetched relation."""
    return [
        TermPart(
            row.position, row.share, row.days, row.end_of_month, row.months, row.fixed_day, row.skonto_days,
            row.skonto_percent, row.skonto_base,
        )
        for row in sorted(term.instalments.all(), key=lambda row: row.position)
    ]  # fmt: skip


def part_violations(parts: Sequence[TermPart]) -> list[Violation]:
    """At least one part, 100 % together, no cash discount after the due date's span."""
    if not parts:
        return [
            Violation("instalments-missing", _("Payment terms need at least one instalment."), "instalments")
        ]
    found = []
    total = sum((part.share for part in parts), Decimal(0))
    if total != HUNDRED:
        text = _("The shares are %(total)s %% together, not 100 %%.") % {"total": f"{total.normalize():f}"}
        found.append(Violation("shares", text, "share"))
    for part in parts:
        if part.skonto_percent and part.skonto_days > part.days + 31 * (part.months + 2):
            text = _("The cash discount ends after the due date.")
            found.append(Violation("skonto-late", text, "skonto_days", part.position))
    return found


def _plain(parts: Sequence[TermPart]) -> list[dict[str, Any]]:
    return [asdict(part) for part in parts]


def _store_parts(term: PaymentTerm, parts: Sequence[TermPart]) -> list[dict[str, Any]]:
    PaymentTermInstalment.everywhere.filter(term=term).delete()
    for part in parts:
        row = PaymentTermInstalment(company_id=term.company_id, term=term, **asdict(part))
        try:
            ensure(row)
        except Refused as refused:
            raise Refused(
                Violation(one.code, one.text, one.field, part.position) for one in refused.violations
            ) from refused
        row.save()
    return _plain(parts)
