"""The numbers that documents carry, for the proof of numbering."""

from __future__ import annotations

from collections.abc import Iterator

from documents.models import Document


def numbers_of(kind: str, company_id: int) -> Iterator[str]:
    """All numbers of a kind in a company, in constant memory."""
    rows = Document.everywhere.filter(company_id=company_id, kind=kind).exclude(number="")
    yield from rows.order_by().values_list("number", flat=True).iterator(chunk_size=5000)
