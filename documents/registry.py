"""The registry of document types: filled by the apps' ``ready()``, then read only."""

from __future__ import annotations

from documents.spec import DocumentType, Source

_types: dict[str, DocumentType] = {}


def register(document_type: DocumentType) -> None:
    if document_type.code in _types:
        message = f"{document_type.code} is declared twice"
        raise RuntimeError(message)
    _types[document_type.code] = document_type


def get(kind: str) -> DocumentType:
    """The declaration of a kind; raises ``KeyError`` for one that no app declares."""
    return _types[kind]


def all_types() -> tuple[DocumentType, ...]:
    return tuple(_types.values())


def of_domain(domain: str) -> tuple[DocumentType, ...]:
    return tuple(item for item in _types.values() if item.domain == domain)


def follow_ups(kind: str) -> tuple[tuple[DocumentType, Source], ...]:
    """Which kinds may be made from this one, with the way they are."""
    found = ((item, item.source(kind)) for item in _types.values())
    return tuple((item, source) for item, source in found if source is not None)
