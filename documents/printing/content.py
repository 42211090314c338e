"""Everything that a paper's template shows, as plain texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from documents.printing import clean, qr
from documents.printing.addresses import address_lines, address_parts, same_place, sender_line
from documents.printing.footer import foot_of
from documents.printing.letterhead import letterhead_of
from documents.printing.lines import Words, place_reference, table_of
from documents.printing.papers import (
    LAYOUTS,
    STANDARD,
    PageSize,
    Snapshot,
    addressee_role,
    is_invoice,
    title_of,
)
from documents.printing.sums import company_vat, exemptions_of, sums_of, terms_of
from documents.printing.texts import TEXTS
from documents.printing.window import window_of
from documents.spec import Paper

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_ACCENT: Final = "#1f5f8b"
#: mm between the margins of 25 and 20 mm
TEXT_WIDTH: Final[Mapping[PageSize, str]] = {"A4": "165", "Letter": "170.9"}
Pairs = list[tuple[str, str]]


def content_of(
    snapshot: Snapshot,
    *,
    paper: Paper,
    language: str,
    page_size: PageSize,
    has_logo: bool,
    draft: bool,
    second_copy: bool,
) -> dict[str, Any]:
    """The template's context. ``language`` is one that papers exist in."""
    words = TEXTS[language]
    document, branding = snapshot["document"], snapshot.get("branding") or {}
    priced = paper.with_prices and LAYOUTS.get(paper.template, LAYOUTS[STANDARD]).priced
    supply = supply_of(snapshot)
    table = table_of(snapshot, words, language, priced=priced, supply=supply)
    number = words["draft_number"] if draft else clean.text(document.get("number"))
    title = title_of(snapshot, paper, language)
    window = window_of(address_parts(_addressee(snapshot, paper), home=_home(snapshot), language=language))
    foot_note = clean.by_language(branding.get("footer"), language)
    return {
        "lang": language,
        "t": words,
        "page_size": page_size,
        "text_width": TEXT_WIDTH[page_size],
        "accent": accent_of(branding),
        "has_logo": has_logo,
        "title": title,
        "number": number,
        "heading": f"{title} {number}".strip() if not draft else title,
        "marks": list(_marks(document, snapshot, words, second_copy=second_copy)),
        "issuer": clean.text((snapshot.get("issuer") or {}).get("name") or _own(snapshot).get("name")),
        "letterhead": letterhead_of(
            clean.lines(clean.by_language(branding.get("header"), language)), float(TEXT_WIDTH[page_size])
        ),
        "sender": sender_line(_own(snapshot)),
        "window": window,
        "info": list(_info(snapshot, words, language, number=number, supply=supply)),
        "places": list(_places(snapshot, paper, words, language, whole=window.whole)),
        "references": _references(snapshot, words, language),
        "header_text": clean.text(document.get("header_text")),
        "footer_text": clean.text(document.get("footer_text")),
        "non_binding": words["non_binding"] if document.get("non_binding") else "",
        "currency": document["currency"],
        "amount_head": words["amount"].format(currency=document["currency"]),
        "priced": priced,
        "rows": table.rows,
        "total": clean.amount(table.total, language) if priced and table.rows else "",
        "sums": sums_of(snapshot, table, words, language) if priced else [],
        "exemptions": exemptions_of(snapshot, words) if priced else [],
        "company_vat": company_vat(snapshot, words, language) if priced else "",
        "terms": terms_of(snapshot, words, language) if priced else [],
        "verify": _verify(snapshot, paper, words, draft=draft),
        "foot": foot_of(_footer(snapshot, words), foot_note, float(TEXT_WIDTH[page_size])),
        "footer_note": foot_note,
        "watermark": words["draft"] if draft else "",
        "day": document["document_date"],
    }


def accent_of(branding: Mapping[str, Any]) -> str:
    """The company's colour; anything that is no colour never reaches a style sheet."""
    accent = str(branding.get("accent") or "")
    return accent if _COLOUR.fullmatch(accent) else _ACCENT


def _own(snapshot: Snapshot) -> Mapping[str, Any]:
    """Our company as a party."""
    role = "buyer" if snapshot["domain"] == "purchase" else "seller"
    return snapshot["parties"].get(role) or {}


def _home(snapshot: Snapshot) -> str:
    return clean.text(_own(snapshot).get("country")) or "DE"


def _addressee(snapshot: Snapshot, paper: Paper) -> Mapping[str, Any]:
    return snapshot["parties"].get(addressee_role(snapshot, paper)) or {}


def _partner(snapshot: Snapshot) -> Mapping[str, Any]:
    role = "seller" if snapshot["domain"] == "purchase" else "buyer"
    return snapshot["parties"].get(role) or {}


def _marks(
    document: Mapping[str, Any], snapshot: Snapshot, words: Words, *, second_copy: bool
) -> Iterator[str]:
    if snapshot["family"] == "commitment" and int(document.get("revision") or 1) > 1:
        yield f"{words['revision']} {document['revision']}"
    if second_copy:
        yield words["second_copy"]


def supply_of(snapshot: Snapshot) -> tuple[str, str]:
    """First and last day of supply: the document's, else those of its lines (§ 14 (4) no. 6 UStG)."""
    document = snapshot["document"]
    start = document.get("supply_from") or ""
    if start:
        return start, document.get("supply_to") or start
    starts = [line["supply_from"] for line in snapshot["lines"] if line.get("supply_from")]
    ends = [
        line.get("supply_to") or line["supply_from"] for line in snapshot["lines"] if line.get("supply_from")
    ]
    return (min(starts), max(ends)) if starts else ("", "")


def _info(
    snapshot: Snapshot, words: Words, language: str, *, number: str, supply: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    document, partner, own = snapshot["document"], _partner(snapshot), _own(snapshot)
    prefix = ("correction_" if document.get("reason_kind") else "invoice_") if is_invoice(snapshot) else ""
    numbered = "supplier_number" if snapshot["domain"] == "purchase" else "customer_number"
    day = _dates(snapshot, words, language, supply)
    found: Pairs = [
        (words[f"{prefix}number"], number),
        (words[f"{prefix}date"], clean.day(document["document_date"], language)),
        day,
        (words["valid_until"], clean.day(document.get("valid_until"), language)),
        (words[numbered], clean.text(partner.get("number"))),
        (words["your_order"], clean.text(document.get("partner_reference"))),
        (words["your_reference"], clean.text(document.get("buyer_reference"))),
        (words["your_vat_id"], clean.text(_vat_party(snapshot).get("vat_id"))),
        (words["incoterm"], clean.text(document.get("incoterm"))),
        (words["carrier"], clean.text(document.get("carrier"))),
        (words["contact"], clean.text(own.get("contact"))),
        (words["phone"], clean.text(own.get("phone"))),
        (words["email"], clean.text(own.get("email"))),
    ]
    return ((label, value) for label, value in found if value)


def _vat_party(snapshot: Snapshot) -> Mapping[str, Any]:
    """Whose VAT id stands beside ours: the recipient of the supply (§ 14a UStG), on purchases the supplier."""
    return _partner(snapshot)


def _dates(snapshot: Snapshot, words: Words, language: str, supply: tuple[str, str]) -> tuple[str, str]:
    stem = (
        "planned" if snapshot["family"] == "commitment" else "supply" if is_invoice(snapshot) else "delivery"
    )
    first, last = clean.day(supply[0], language), clean.day(supply[1], language)
    if first == last:
        return words[f"{stem}_date"], first
    return words[f"{stem}_period"], f"{first} – {last}"


def _places(
    snapshot: Snapshot, paper: Paper, words: Words, language: str, *, whole: bool
) -> Iterator[tuple[str, str]]:
    """What the window has no room for, and the parties that it does not show and that are somewhere else."""
    role, parties = addressee_role(snapshot, paper), snapshot["parties"]
    if not whole:
        address = address_lines(_addressee(snapshot, paper), home=_home(snapshot), language=language)
        yield words["full_address"], ", ".join(address)
    shown = [parties.get(role) or {}]
    own = "buyer" if snapshot["domain"] == "purchase" else "seller"
    for other in ("buyer", "bill_to", "ship_to"):
        party = parties.get(other)
        if not party or other in (role, own) or any(same_place(party, before) for before in shown):
            continue
        if other == "bill_to" and not paper.with_prices:
            continue
        shown.append(party)
        word = "customer" if other == "buyer" and not is_invoice(snapshot) else other
        yield words[word], ", ".join(address_lines(party, home=_home(snapshot), language=language))


def _references(snapshot: Snapshot, words: Words, language: str) -> list[str]:
    """Specifically and unambiguously, with number and date (§ 31 (5) UStDV)."""
    found = []
    reason = snapshot["document"].get("reason_kind") or ""
    for reference in snapshot.get("references") or ():
        word = _reference_word(str(reference["relation"]), reason)
        if word:
            found.append(place_reference(words[word], reference, language))
    return list(dict.fromkeys(found))


def _reference_word(relation: str, reason: str) -> str:
    """What a paper does to the document it names; a correction names each invoice that its lines come from."""
    if reason:
        return (
            "cancels"
            if reason == "storno" and relation == "cancels"
            else "corrects"
            if relation != "settles"
            else ""
        )
    return {"cancels": "cancels", "corrects": "replaces"}.get(relation, "")


def _verify(snapshot: Snapshot, paper: Paper, words: Words, *, draft: bool) -> dict[str, Any] | None:
    verify = snapshot.get("verify")
    if draft or not paper.with_qr or not verify or not verify.get("url"):
        return None
    url = clean.text(verify["url"])
    host = url.split("/verify/", 1)[0]
    return {
        "qr": qr.qr_of(url),
        "how": words["verify_how"].format(host=host.removeprefix("https://").removeprefix("http://")),
        "code": words["verify_code"].format(code=clean.text(verify.get("code"))),
    }


def _footer(snapshot: Snapshot, words: Words) -> list[list[str]]:
    """The company block: who, how to reach, where to pay, taxes and register (§ 35a GmbHG, § 14 (4) no. 2 UStG)."""
    issuer, own = snapshot.get("issuer") or {}, _own(snapshot)
    name = clean.text(issuer.get("name") or own.get("name"))
    place = f"{clean.text(own.get('postal_code'))} {clean.text(own.get('city'))}".strip()
    phone = _labelled(words, issuer, ("phone_line", "phone"))
    contact = [*phone, clean.text(issuer.get("email")), clean.text(issuer.get("website"))]
    register = [*clean.lines(issuer.get("register")), *clean.lines(issuer.get("legal_text"))]
    if issuer.get("managing"):
        register.append(words["managing"].format(value=clean.text(issuer["managing"])))
    return [
        [name, clean.text(own.get("street")), clean.text(own.get("street_2")), place],
        contact,
        _bank(issuer, words),
        [*_taxes(issuer, words), *register],
    ]


def _labelled(words: Words, source: Mapping[str, Any], *pairs: tuple[str, str]) -> list[str]:
    found = ((word, clean.text(source.get(key))) for word, key in pairs)
    return [words[word].format(value=value) for word, value in found if value]


def _bank(issuer: Mapping[str, Any], words: Words) -> list[str]:
    own = clean.lines(issuer.get("bank_lines"))
    if own:
        return own
    found = []
    for account in issuer.get("bank") or ():
        iban = clean.text(account.get("iban")).replace(" ", "")
        spaced = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
        found += [clean.text(account.get("bank")), words["iban"].format(value=spaced) if spaced else ""]
        found += _labelled(words, account, ("bic", "bic"))
    return found


def _taxes(issuer: Mapping[str, Any], words: Words) -> list[str]:
    """Own lines do not replace what the law asks for: a number they leave out is added."""
    own = clean.lines(issuer.get("tax_lines"))
    said = "".join(own).replace(" ", "")
    missing = {key: issuer.get(key) for key in ("tax_number", "vat_id")}
    missing = {
        key: value
        for key, value in missing.items()
        if value and clean.text(value).replace(" ", "") not in said
    }
    return own + _labelled(words, missing, ("tax_number", "tax_number"), ("vat_id", "vat_id"))
