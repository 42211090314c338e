"""The global search: documents, partners, articles. Company and scopes decide what may be found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from documents import registry
from documents.models import Document
from documents.spec import DocumentType
from documents.states import State
from masterdata.selectors import articles, partners
from valeo.core.components import formats
from valeo.core.components.icons import symbol
from valeo.core.components.states import look_of
from valeo.office.kinds import allowed
from valeo.office.places import address
from valeo.tenancy.actor import Actor
from valeo.tenancy.scopes import READ_SCOPES

MAX_TEXT: Final = 100
MAX_WORDS: Final = 6
#: what the trigram index can use; shorter words only narrow what a longer one found
MIN_WORD: Final = 3
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_REFERENCE: Final = re.compile(r"#?([0-9A-Fa-f]{6})")


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of the palette and of the search page."""

    id: str
    number: str
    label: str
    sub: str
    right: str
    url: str
    icon: str
    tone: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "id": self.id, "number": self.number, "label": self.label, "sub": self.sub, "right": self.right,
            "tone": self.tone, "url": self.url, "symbol": symbol(self.icon),
        }  # fmt: skip


def cleaned(text: str) -> str:
    """What was typed, without control characters, cut to a sane length."""
    return " ".join(_CONTROL.sub(" ", text[: 10 * MAX_TEXT]).split())[:MAX_TEXT].strip()


def documents(actor: Actor, text: str, most: int) -> list[Hit]:
    """The very number first, then the newest of each kind; at most two queries."""
    types = allowed(actor)
    words = text.upper().split()[:MAX_WORDS]
    if not types or not words:
        return []
    arms = _arms(types, words, text, most)
    if not arms:
        return []
    keys = list(arms[0].union(*arms[1:], all=True)) if len(arms) > 1 else list(arms[0])
    rows = (
        Document.objects.filter(pk__in=keys)
        .select_related("partner")
        .defer("header_text", "footer_text", "search_text")
    )
    wanted = text.upper()
    ordered = sorted(rows, key=lambda row: (row.document_date, row.pk), reverse=True)
    ordered.sort(
        key=lambda row: (
            row.number != wanted,
            not row.number.startswith(wanted),
            not row.number.endswith(wanted),
        )
    )
    return [_document(row) for row in ordered[:most]]


def _arms(types: list[DocumentType], words: list[str], text: str, most: int) -> list[QuerySet[Any, Any]]:
    """One short query per kind, so that each may walk its list's index or the trigram index, as is quicker."""
    found = []
    reference = _REFERENCE.fullmatch(text)
    if reference:
        found.append(_by_reference(types, reference[1].lower()))
    if any(len(word) >= MIN_WORD for word in words):
        found += [_of_kind(item, words, most) for item in types]
    return found


def _of_kind(item: DocumentType, words: list[str], most: int) -> QuerySet[Any, Any]:
    discarded = Q(state=State.CANCELLED) & Q(number="")
    rows: QuerySet[Any, Any] = Document.objects.filter(kind=item.kind).exclude(discarded)
    rows = rows.annotate(haystack=Upper("search_text"))
    for word in words:
        rows = rows.filter(haystack__contains=word)
    return rows.order_by("-document_date", "-pk").values_list("pk", flat=True)[:most]


def _by_reference(types: list[DocumentType], start: str) -> QuerySet[Any, Any]:
    """A draft by what stands for its number: the first six digits of its UUID."""
    first, last = UUID(start.ljust(32, "0")), UUID(start.ljust(32, "f"))
    rows = Document.objects.filter(kind__in=[item.code for item in types], uuid__gte=first, uuid__lte=last)
    return rows.order_by("pk").values_list("pk", flat=True)[:2]


def _document(row: Document) -> Hit:
    item = registry.get(row.kind)
    state = item.posted_label if row.state == State.POSTED else look_of(row.state).label
    return Hit(
        id=str(row.uuid), number=str(row), label=row.partner.name, sub=f"{item.title} · {state}",
        right=formats.money(row.gross_total, row.currency) if item.traits.has_prices else formats.day(row.document_date),
        url=address("documents:detail", row.uuid), icon=item.icon,
    )  # fmt: skip


def partner_hits(actor: Actor, text: str, most: int) -> list[Hit]:
    """Partners by number, name, place or VAT ID; one query."""
    if not text or not actor.has_any(*READ_SCOPES):
        return []
    return [
        Hit(
            id=str(row.uuid), number=row.number, label=row.name,
            sub=" ".join(filter(None, [row.postal_code, row.city])), right=_("blocked") if row.blocked else _("Partner"),
            url=address("masterdata:partner", row.uuid), icon="partner", tone="bad" if row.blocked else "",
        )
        for row in partners.suggestions(text, limit=most)
    ]  # fmt: skip


def article_hits(actor: Actor, text: str, most: int) -> list[Hit]:
    """Articles by number, name or barcode; one query."""
    if not text or not actor.has_any(*READ_SCOPES):
        return []
    return [
        Hit(
            id=str(row.uuid), number=row.number, label=row.name(), sub=str(row.get_kind_display()), right=_("Article"),
            url=address("masterdata:article", row.uuid), icon="article",
        )
        for row in articles.suggestions(text, limit=most)
    ]  # fmt: skip
