"""The amounts of a document (freight, rebate) by document and entry, for what is made from it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

from documents.models import AllowanceCharge

Entry: TypeAlias = tuple[int, int]  # document, number of its entry


def agreed_discounts(entries: Iterable[Entry]) -> dict[Entry, Decimal]:
    """The discounts that the documents themselves state under these entries; one that is gone is left out."""
    wanted = set(entries)
    rows = AllowanceCharge.objects.filter(
        document__in={document for document, _entry in wanted}, line__isnull=True, is_charge=False,
        stated_amount__isnull=False,
    ).values_list("document_id", "entry", "stated_amount")  # fmt: skip
    return {(document, entry): amount for document, entry, amount in rows if (document, entry) in wanted}
