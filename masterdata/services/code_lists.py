"""Units, warehouses, groups, carriers, tax codes and rules, exchange rates: what the administrator keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import models, transaction

from masterdata.models import (
    ArticleGroup,
    Carrier,
    ExchangeRate,
    PartnerGroup,
    TaxCode,
    TaxRate,
    TaxRule,
    Unit,
    Warehouse,
)  # fmt: skip
from masterdata.services.writing import (
    ADMIN,
    WRITE,
    Changes,
    assign,
    ensure,
    locked,
    one_default,
    refuse_stale,
    save_changed,
    save_new,
    tell,
)  # fmt: skip
from valeo.core.exceptions import NotFound
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

_M = TypeVar("_M", bound=models.Model)

#: who may write what; the name is the object's in the audit's actions
RIGHTS: Final[dict[type[models.Model], tuple[str, tuple[str, ...]]]] = {
    Unit: ("unit", (ADMIN,)),
    Warehouse: ("warehouse", (ADMIN,)),
    TaxCode: ("tax_code", (ADMIN,)),
    TaxRule: ("tax_rule", (ADMIN,)),
    ExchangeRate: ("exchange_rate", (ADMIN, "finance:write")),
    ArticleGroup: ("article_group", (*WRITE, ADMIN)),
    PartnerGroup: ("partner_group", (*WRITE, ADMIN)),
    Carrier: ("carrier", (*WRITE, ADMIN)),
}
_FIXED: Final = frozenset({"id", "uuid", "company", "version"})


def fields_of(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(
        field.name for field in model._meta.concrete_fields if field.editable and field.name not in _FIXED
    )


def _label(row: models.Model) -> str:
    if isinstance(row, ExchangeRate):  # the record speaks no language
        return f"{row.currency} {row.valid_from:%Y-%m-%d}"
    return str(row if isinstance(row, TaxRule) else getattr(row, "code", row.pk))


@transaction.atomic
def create_row(model: type[_M], *, actor: Actor, values: Mapping[str, Any]) -> _M:
    """A new row of one of the code lists. Raises ``Refused`` and ``NotPermitted``."""
    name, scopes = RIGHTS[model]
    actor.require(*scopes)
    row = model(company_id=actor.company_id)
    changes = _set(row, values)
    save_new(row)
    journal = Journal(actor)
    tell(journal, f"{name}.create", row, label=_label(row), changes=changes)
    journal.flush()
    return row


@transaction.atomic
def update_row(
    model: type[_M], *, actor: Actor, pk: int, values: Mapping[str, Any], expected_version: int | None = None
) -> _M:
    """Change a row of one of the code lists."""
    name, scopes = RIGHTS[model]
    actor.require(*scopes)
    row = _locked(model, pk, actor, expected_version)
    changes = _set(row, values)
    if changes:
        save_changed(row)
        journal = Journal(actor)
        tell(journal, f"{name}.change", row, label=_label(row), changes=changes)
        journal.flush()
    return row


def _locked(model: type[_M], pk: int, actor: Actor, expected_version: int | None) -> _M:
    rows = model.everywhere.select_for_update(no_key=True)  # type: ignore[attr-defined]
    row: _M | None = rows.filter(company_id=actor.company_id, pk=pk).first()
    if row is None:
        raise NotFound
    refuse_stale(row, expected_version)
    return row


def _set(row: models.Model, values: Mapping[str, Any]) -> Changes:
    allowed = fields_of(type(row))
    changes, violations = assign(row, {name: value for name, value in values.items() if name in allowed})
    if getattr(row, "is_default", False):
        one_default(type(row).everywhere.filter(company_id=row.company_id), keep=row)  # type: ignore[attr-defined]
    ensure(row, violations)
    return changes


@transaction.atomic
def set_tax_rates(*, actor: Actor, code_uuid: UUID, rates: Sequence[Mapping[str, Any]]) -> TaxCode:
    """The whole history of a code's rates: mappings of percent, valid_from, valid_to. Raises ``Refused``."""
    actor.require(ADMIN)
    code = locked(TaxCode, code_uuid, actor)
    before = _rates(code)
    TaxRate.everywhere.filter(code=code).delete()
    for values in rates:
        rate = TaxRate(company_id=actor.company_id, code=code)
        _changes, violations = assign(rate, values)
        ensure(rate, violations)
        rate.save()
    after = _rates(code)
    if before != after:
        save_changed(code)
        journal = Journal(actor)
        tell(journal, "tax_code.change", code, label=code.code, changes={"rates": [before, after]})
        journal.flush()
    return code


def _rates(code: TaxCode) -> list[dict[str, Any]]:
    return list(
        TaxRate.everywhere.filter(code=code)
        .order_by("valid_from")
        .values("percent", "valid_from", "valid_to")
    )
