"""Addresses and contact persons of a partner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import models, transaction

from masterdata.checks import address_violations
from masterdata.models import Partner, PartnerAddress, PartnerContact
from masterdata.services.partners import store_partner
from masterdata.services.writing import WRITE, assign, ensure, locked, one_default
from valeo.core.exceptions import NotFound, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

_Part = TypeVar("_Part", bound=models.Model)
ADDRESS_FIELDS: Final = (
    "kind", "name", "street", "street2", "postal_code", "city", "region", "country", "gln", "is_default", "active",
)  # fmt: skip
CONTACT_FIELDS: Final = (
    "salutation", "first_name", "last_name", "position", "role", "email", "phone", "mobile", "language", "is_default",
    "active",
)  # fmt: skip


def _nothing(_part: Any) -> Iterable[Violation]:
    return ()


@transaction.atomic
def save_address(
    *,
    actor: Actor,
    partner_uuid: UUID,
    values: Mapping[str, Any],
    uuid: UUID | None = None,
    expected_version: int | None = None,
) -> PartnerAddress:
    """Add an address, or change the one with ``uuid``. ``expected_version`` is the partner's. Raises ``Refused``."""
    actor.require(*WRITE)
    partner = locked(Partner, partner_uuid, actor, expected_version)
    return _save(
        actor, partner, PartnerAddress, uuid, _of(values, ADDRESS_FIELDS), address_violations, ("kind",)
    )


@transaction.atomic
def save_contact(
    *,
    actor: Actor,
    partner_uuid: UUID,
    values: Mapping[str, Any],
    uuid: UUID | None = None,
    expected_version: int | None = None,
) -> PartnerContact:
    """Add a contact person, or change the one with ``uuid``. Raises ``Refused``."""
    actor.require(*WRITE)
    partner = locked(Partner, partner_uuid, actor, expected_version)
    return _save(actor, partner, PartnerContact, uuid, _of(values, CONTACT_FIELDS), _nothing, ())


@transaction.atomic
def remove_address(
    *, actor: Actor, partner_uuid: UUID, uuid: UUID, expected_version: int | None = None
) -> None:
    """Documents hold their own copy of the address, so it can go."""
    actor.require(*WRITE)
    _remove(actor, locked(Partner, partner_uuid, actor, expected_version), PartnerAddress, uuid)


@transaction.atomic
def remove_contact(
    *, actor: Actor, partner_uuid: UUID, uuid: UUID, expected_version: int | None = None
) -> None:
    actor.require(*WRITE)
    _remove(actor, locked(Partner, partner_uuid, actor, expected_version), PartnerContact, uuid)


def _of(values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in fields if name in values}


def part_of(model: type[_Part], partner: Partner, uuid: UUID) -> _Part:
    """A row of the locked partner. Raises ``NotFound``."""
    rows = model.everywhere  # type: ignore[attr-defined]
    part: _Part | None = rows.filter(company_id=partner.company_id, partner=partner, uuid=uuid).first()
    if part is None:
        raise NotFound
    return part


def _save(
    actor: Actor,
    partner: Partner,
    model: type[_Part],
    uuid: UUID | None,
    values: Mapping[str, Any],
    check: Callable[[Any], Iterable[Violation]],
    default_per: tuple[str, ...],
) -> _Part:
    part = part_of(model, partner, uuid) if uuid else model(company_id=partner.company_id, partner=partner)
    changes, violations = assign(part, values)
    if values.get("is_default"):  # the mark moves from the former default
        same = {name: getattr(part, name) for name in default_per}
        one_default(model.everywhere.filter(partner=partner, **same), keep=part)  # type: ignore[attr-defined]
    ensure(part, [*violations, *check(part)])
    part.save()
    name = model._meta.model_name or ""
    journal = Journal(actor)
    store_partner(
        journal,
        partner,
        {f"{name}.{field}": values for field, values in changes.items()},
        action="partner.change",
    )
    journal.flush()
    return part


def _remove(actor: Actor, partner: Partner, model: type[_Part], uuid: UUID) -> None:
    part = part_of(model, partner, uuid)
    changes = {f"{model._meta.model_name}.removed": [str(part), None]}
    part.delete()
    journal = Journal(actor)
    store_partner(journal, partner, changes, action="partner.change")
    journal.flush()
