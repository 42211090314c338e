"""From numbers as people know them to keys; another company's row is the same as none.

A hidden field beside the number carries the key: as the type-ahead wrote it (``7``), or as the page was rendered
(``7:10655``), which holds only while the number beside it is still the same. So a page without scripts cannot keep
the key of a number that was typed over, and a page with them needs no query.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from documents.forms.reader import Reader
from masterdata.models import Article, ArticleUnit, Partner, Unit

MAX_NAME = 120


def key_of(hidden: str, typed: str) -> int | None:
    """The key that a hidden field still vouches for."""
    key, mark, number = hidden.partition(":")
    if not (key.isascii() and key.isdigit() and len(key) <= 18) or (mark and number != typed):
        return None
    return int(key)


def uuid_of(hidden: str) -> UUID | None:
    try:
        return UUID(hidden)
    except ValueError:
        return None


def partner(reader: Reader, name: str, side: str) -> int | None:
    """The partner's key; None where nothing was typed or nobody is found (then with a problem)."""
    typed = reader.text(name, MAX_NAME)
    if not typed:
        return None
    hidden = reader.raw(f"{name}_id")
    known = key_of(hidden, typed)
    if known is not None:
        return known
    uuid = uuid_of(hidden)
    number = "customer_number" if side == "output" else "supplier_number"
    wanted = Q(uuid=uuid) if uuid else Q(**{f"{number}__iexact": typed}) | Q(name__iexact=typed)
    found = list(Partner.objects.filter(wanted).values_list("pk", number)[:3])
    exact = [row for row in found if str(row[1]).casefold() == typed.casefold()] or found
    if len(exact) == 1:
        return int(exact[0][0])
    if found:
        reader.say("partner-several", _("Several partners have this name. Choose one from the list."), name)
    else:
        reader.say("partner-unknown", _("There is no such partner."), name)
    return None


def articles(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int | None]:
    """(typed, hidden) → key of the article; one query for all that the hidden keys leave open."""
    found: dict[tuple[str, str], int | None] = {}
    for typed, hidden in wanted:
        found[typed, hidden] = key_of(hidden, typed)
    missing = [pair for pair, key in found.items() if key is None]
    if not missing:
        return found
    numbers = _by_number({typed for typed, _hidden in missing}, {hidden for _typed, hidden in missing})
    for typed, hidden in missing:
        found[typed, hidden] = numbers.get(hidden) or numbers.get(typed.casefold())
    return found


def _by_number(typed: set[str], hidden: set[str]) -> dict[str, int]:
    """Keys by number, barcode and public id; a barcode on a packing unit is looked up only where nothing else fits."""
    spellings = typed | {text.upper() for text in typed} | {text.lower() for text in typed}
    uuids = {uuid for text in hidden if (uuid := uuid_of(text))}
    rows = Article.objects.filter(
        Q(number__in=spellings) | Q(gtin__in=[text for text in typed if text.isdigit()]) | Q(uuid__in=uuids)
    ).values_list("pk", "number", "gtin", "uuid")
    keys: dict[str, int] = {}
    for pk, number, gtin, uuid in rows:
        keys[str(uuid)] = keys[number.casefold()] = pk
        if gtin:
            keys.setdefault(gtin, pk)
    codes = [text for text in typed if text.isdigit() and text not in keys]
    if codes:
        for pk, gtin in ArticleUnit.objects.filter(gtin__in=codes).values_list("article_id", "gtin"):
            keys.setdefault(gtin, pk)
    return keys


def unit_codes() -> dict[str, str]:
    """Any way to write a unit → its UN/ECE code, for lines without an article."""
    codes: dict[str, str] = {}
    for unit in Unit.objects.filter(active=True):
        for spelling in (unit.name_de, unit.name_en, unit.symbol_de, unit.symbol_en, unit.code):
            codes[spelling.casefold()] = codes[spelling.casefold().rstrip(".")] = unit.code
    return codes
