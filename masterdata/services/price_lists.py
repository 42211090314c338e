"""Price lists and their prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from masterdata.models import Price, PriceList
from masterdata.selectors.units import units_of
from masterdata.services.writing import WRITE, Changes, assign, ensure, locked, save_changed, save_new, tell
from valeo.core.exceptions import NotFound, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

LIST_FIELDS: Final = ("code", "name", "side", "currency", "price_mode", "valid_from", "valid_to", "active")
PRICE_FIELDS: Final = (
    "article", "article_group", "unit", "price_base", "from_quantity", "price", "valid_from", "valid_to",
)  # fmt: skip
#: what the prices were made for stays while there are any
_FIXED_BY_PRICES: Final = ("currency", "price_mode", "side")


@transaction.atomic
def create_price_list(*, actor: Actor, values: Mapping[str, Any]) -> PriceList:
    """A new, empty list. Raises ``Refused``."""
    actor.require(*WRITE)
    price_list = PriceList(company_id=actor.company_id)
    changes, violations = assign(price_list, _of(values, LIST_FIELDS))
    ensure(price_list, violations)
    save_new(price_list)
    journal = Journal(actor)
    tell(journal, "price_list.create", price_list, label=price_list.code, changes=changes)
    journal.flush()
    return price_list


@transaction.atomic
def update_price_list(
    *, actor: Actor, uuid: UUID, values: Mapping[str, Any], expected_version: int | None = None
) -> PriceList:
    """Change a list's head. Documents keep the prices that they have."""
    actor.require(*WRITE)
    price_list = locked(PriceList, uuid, actor, expected_version)
    changes, violations = assign(price_list, _of(values, LIST_FIELDS))
    fixed = [name for name in _FIXED_BY_PRICES if name in changes]
    if fixed and price_list.prices.exists():
        text = _("The list has prices; make a new list instead.")
        violations += [Violation("has-prices", text, name) for name in fixed]
    ensure(price_list, violations)
    _store(actor, price_list, changes)
    return price_list


@transaction.atomic
def save_price(
    *,
    actor: Actor,
    list_uuid: UUID,
    values: Mapping[str, Any],
    price_id: int | None = None,
    expected_version: int | None = None,
) -> Price:
    """Add a price, or change the one with ``price_id``. The unit defaults to the article's price unit."""
    actor.require(*WRITE)
    price_list = locked(PriceList, list_uuid, actor, expected_version)
    price = (
        _price(price_list, price_id)
        if price_id
        else Price(company_id=actor.company_id, price_list=price_list)
    )
    old = _shown(price) if price_id else None
    _changes, violations = assign(price, _of(values, PRICE_FIELDS))
    unit_id: int | None = price.unit_id  # no column value yet
    if unit_id is None and price.article is not None:
        price.unit = price.article.price_unit
    ensure(price, [*violations, *_unit_violations(price)])
    price.save()
    _store(actor, price_list, {"price": [old, _shown(price)]} if old != _shown(price) else {})
    return price


@transaction.atomic
def remove_price(
    *, actor: Actor, list_uuid: UUID, price_id: int, expected_version: int | None = None
) -> None:
    actor.require(*WRITE)
    price_list = locked(PriceList, list_uuid, actor, expected_version)
    price = _price(price_list, price_id)
    old = _shown(price)
    price.delete()
    _store(actor, price_list, {"price": [old, None]})


def _price(price_list: PriceList, price_id: int) -> Price:
    price: Price | None = price_list.prices.filter(pk=price_id).first()
    if price is None:
        raise NotFound
    return price


def _of(values: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in fields if name in values}


def _unit_violations(price: Price) -> list[Violation]:
    """A price in a unit in which its article cannot be counted would never be found."""
    unit_id: int | None = price.unit_id
    if price.article is None or unit_id is None:
        return []
    try:
        units_of([price.article])[price.article.pk].factor(unit_id)
    except Refused as refused:
        return list(refused.violations)
    return []


def _shown(price: Price) -> dict[str, Any]:
    target = (
        price.article.number if price.article else price.article_group.code if price.article_group else ""
    )
    return {
        "for": target, "unit": price.unit.code, "base": price.price_base, "from": price.from_quantity,
        "price": price.price, "valid_from": price.valid_from, "valid_to": price.valid_to,
    }  # fmt: skip


def _store(actor: Actor, price_list: PriceList, changes: Changes) -> None:
    if not changes:
        return
    save_changed(price_list)
    journal = Journal(actor)
    tell(journal, "price_list.change", price_list, label=price_list.code, changes=changes)
    journal.flush()
