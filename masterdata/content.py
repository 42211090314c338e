"""What an audit entry vouches for: the content of a row together with the rows that hang on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import models

from masterdata.models import (
    Article,
    ArticleGroup,
    Carrier,
    ExchangeRate,
    Partner,
    PartnerGroup,
    PaymentTerm,
    PriceList,
    TaxCode,
    TaxRule,
    Unit,
    Warehouse,
)  # fmt: skip
from valeo.audit import canonical

#: what the content leaves out: it changes without a change of the content
VOLATILE: Final = frozenset({"changed_at", "created_at", "search_text", "sort_name"})

#: audited rows and the relations whose rows belong to them
AUDITED: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Partner: ("addresses", "contacts", "bank_accounts", "tax_statuses"),
    Article: ("units",),
    PriceList: ("prices",),
    PaymentTerm: ("instalments",),
    TaxCode: ("rates",),
    TaxRule: (),
    Unit: (),
    Warehouse: (),
    ArticleGroup: (),
    PartnerGroup: (),
    Carrier: (),
    ExchangeRate: (),
}


def content_hash(obj: models.Model) -> str:
    """SHA-256 of the row as it is in the database now, with its parts."""
    rows = rows_of(type(obj), [obj.pk], company_id=obj.company_id)  # type: ignore[attr-defined]
    return hashes(type(obj), rows)[obj.pk]


def hashes(model: type[models.Model], rows: Mapping[int, dict[str, Any]]) -> dict[int, str]:
    return {
        pk: hashlib.sha256(canonical.encode(canonical.plain(row))).hexdigest() for pk, row in rows.items()
    }


def rows_of(
    model: type[models.Model], ids: Iterable[int] | None, *, company_id: int
) -> dict[int, dict[str, Any]]:
    """The stored columns per id, parts included; all rows of the company where ``ids`` is None."""
    wanted = model.everywhere.filter(company_id=company_id)  # type: ignore[attr-defined]
    if ids is not None:
        wanted = wanted.filter(pk__in=list(ids))
    rows: dict[int, dict[str, Any]] = {row["id"]: {"row": row} for row in wanted.values(*_columns(model))}
    for relation in AUDITED[model]:
        field: Any = model._meta.get_field(relation)
        part: Any = field.related_model
        owner = f"{field.remote_field.name}_id"
        parts = part.everywhere.filter(company_id=company_id)
        if ids is not None:
            parts = parts.filter(**{f"{owner}__in": list(rows)})
        for row in rows.values():
            row[relation] = []
        for values in parts.order_by("id").values(*_columns(part)):
            if values[owner] in rows:
                rows[values[owner]][relation].append(values)
    return rows


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.name not in VOLATILE]
