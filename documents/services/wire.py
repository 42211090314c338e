"""A draft's input as JSON and back: an amendment keeps it until it is decided."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any, Final

from documents.inputs import AllowanceInput, DraftInput, LineInput, LinkInput, PartyInput

_NESTED: Final = {
    "lines": LineInput,
    "allowances": AllowanceInput,
    "parties": PartyInput,
    "document_links": LinkInput,
    "links": LinkInput,
}
_DATES: Final = {
    "rate_date", "document_date", "supply_from", "supply_to", "valid_until", "terms_date", "posting_date",
}  # fmt: skip
_DECIMALS: Final = {
    "exchange_rate", "quantity", "price", "price_base", "price_quantity", "discount_percent", "discount_amount",
    "found_price", "kept_price", "kept_base", "cost_price", "tolerance_percent", "percent", "amount",
}  # fmt: skip


def to_json(value: Any) -> Any:
    """Dataclasses as objects, decimals as strings, dates ISO."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def draft_from_json(data: dict[str, Any]) -> DraftInput:
    return DraftInput(**_restore(data))


def _restore(data: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in data.items():
        if name in _NESTED:
            result[name] = tuple(_NESTED[name](**_restore(item)) for item in value)
        elif name == "origins":
            result[name] = frozenset(value)
        elif name == "lots":
            result[name] = tuple((lot, Decimal(quantity)) for lot, quantity in value)
        elif value is not None and name in _DATES:
            result[name] = date.fromisoformat(value)
        elif value is not None and name in _DECIMALS:
            result[name] = Decimal(value)
        else:
            result[name] = value
    return result
