"""Which paper, under which title, on which page, to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from documents import registry
from documents.printing.texts import REASON_TITLES, RETURN_TITLES
from documents.spec import Paper

Snapshot = Mapping[str, Any]
PageSize = Literal["A4", "Letter"]

#: goes up with every change that moves a paper's bytes: templates, words, fonts, WeasyPrint
TEMPLATE_VERSION: Final = "3"
PAGE_SIZES: Final[tuple[PageSize, ...]] = ("A4", "Letter")
#: countries whose offices print on Letter (CLDR, paper size US-Letter)
LETTER_COUNTRIES: Final = frozenset(
    {"US", "CA", "MX", "PH", "PR", "CL", "CO", "CR", "GT", "NI", "PA", "SV", "VE", "BZ"}
)
STANDARD: Final = "documents/paper/standard.html"
DELIVERY: Final = "documents/paper/delivery.html"
PICKING: Final = "documents/paper/picking.html"


@dataclass(frozen=True, slots=True)
class Layout:
    """What differs between templates before the HTML: who the window addresses, in order of preference."""

    addressees: tuple[str, ...]
    priced: bool = True


#: a template that is not named here is laid out as the standard one
LAYOUTS: Final[Mapping[str, Layout]] = {
    STANDARD: Layout(("buyer",)),
    DELIVERY: Layout(("ship_to", "buyer")),
    PICKING: Layout(("ship_to", "buyer"), priced=False),
}


def paper_of(kind: str, code: str) -> Paper:
    """The declaration of a kind's paper; raises ``LookupError`` where the kind has none of that code."""
    try:
        return next(paper for paper in registry.get(kind).papers if paper.code == code)
    except (KeyError, StopIteration) as error:
        message = f"{kind} has no paper {code}"
        raise LookupError(message) from error


def title_of(snapshot: Snapshot, paper: Paper, language: str) -> str:
    """The printed title: by reason kind, else for a return, else the paper's own."""
    document = snapshot["document"]
    reason = REASON_TITLES.get(document.get("reason_kind") or "")
    if reason is not None:
        return reason[language]
    if paper.template == DELIVERY and is_return(snapshot):
        return RETURN_TITLES[language]
    return paper.title.get(language) or paper.title["en"]


def is_return(snapshot: Snapshot) -> bool:
    """All quantities negative: the goods come back."""
    quantities = [str(line.get("quantity") or "0") for line in snapshot["lines"] if has_amount(line)]
    return bool(quantities) and all(quantity.startswith("-") for quantity in quantities)


def has_amount(line: Mapping[str, Any]) -> bool:
    return line["line_kind"] not in ("text", "heading", "subtotal")


def is_invoice(snapshot: Snapshot) -> bool:
    """A paper with an UNTDID 1001 code is an invoice or its correction (§ 14 UStG)."""
    return bool(snapshot["document"].get("type_code"))


def is_credit(snapshot: Snapshot) -> bool:
    """Amounts are stored positive and are in the buyer's favour."""
    return bool(snapshot["document"].get("reason_kind"))


def addressee_role(snapshot: Snapshot, paper: Paper) -> str:
    """Whose address stands in the window."""
    parties = snapshot["parties"]
    if snapshot["domain"] == "purchase":
        return "seller"
    wanted = LAYOUTS.get(paper.template, LAYOUTS[STANDARD]).addressees
    if is_invoice(snapshot):
        wanted = ("bill_to", *wanted)
    return next((role for role in wanted if parties.get(role)), "buyer")


def default_page_size(snapshot: Snapshot) -> PageSize:
    """Letter for a customer in a country that prints on it, else A4."""
    role = "seller" if snapshot["domain"] == "purchase" else "buyer"
    party = snapshot["parties"].get(role) or {}
    return "Letter" if party.get("country") in LETTER_COUNTRIES else "A4"


def file_name(snapshot: Snapshot, *, draft: bool = False) -> str:
    """``NUMBER_YYYY-MM-DD.pdf`` (contract § 7); a draft has no number."""
    document = snapshot["document"]
    number = document.get("number") or ""
    stem = number if number and not draft else f"{document['kind']}-draft-{str(document['uuid'])[:8]}"
    return f"{stem}_{document['document_date']}.pdf"
