"""Gathers what a snapshot needs beside the rows: unit texts, issuer, branding, references, verification address."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from documents import registry, snapshot
from documents.case import Case
from documents.kinds import Relation
from masterdata.selectors.reference import unit_by_code
from valeo.tenancy.models import Branding, Company

# What may differ between the content that was approved and the content that is posted: only what posting itself sets.
_SET_BY_POSTING = ("number", "document_date", "posting_date", "terms_date", "supply_from", "supply_to")


def content_of(case: Case, *, code: str = "") -> dict[str, Any]:
    """The canonical snapshot; with ``code`` it carries the address behind the QR code."""
    branding = _branding(case)
    verify = {"url": verify_url(case, code), "code": code} if code else None
    return snapshot.build_content(
        case,
        symbols=unit_symbols(case, case.document.language),
        issuer=issuer_of(case.company, branding, case.document.language),
        branding=branding_of(branding, case.document.language),
        references=references_of(case),
        verify=verify,
    )


def decision_hash(case: Case) -> str:
    """The hash that approvals are bound to."""
    return snapshot.content_hash(decision_content(case))


def decision_content(case: Case) -> dict[str, Any]:
    """The content that is decided on: without what posting itself sets."""
    content = snapshot.build_content(case, symbols={}, issuer={}, branding={}, references=[])
    for name in _SET_BY_POSTING:
        content["document"].pop(name, None)
    for line in content["lines"]:
        line.pop("supply_from", None)
        line.pop("supply_to", None)
    for instalment in content["instalments"]:
        instalment.pop("due", None)
        instalment.pop("skonto_until", None)
    return content


def verify_url(case: Case, code: str) -> str:
    base = (case.company.public_base_url or settings.VALEO_PUBLIC_URL).rstrip("/")
    return f"{base}/verify/{case.type.domain}/{case.document.number}/{code}"


def unit_symbols(case: Case, language: str = "") -> dict[str, str]:
    """By UN/ECE code, in the language of who reads the screen; papers ask for the document's."""
    codes = {code for line in case.lines for code in (line.unit, line.price_unit, line.stock_unit) if code}
    known = unit_by_code(case.reference) if codes else {}
    return {code: known[code].symbol(language) for code in codes if code in known}


def _branding(case: Case) -> Branding | None:
    """The branch's own branding, else the company's."""
    rows: dict[int | None, Branding] = case.reference.get("branding", _brandings)
    return rows.get(case.document.branch_id) or rows.get(None)


def _brandings() -> dict[int | None, Branding]:
    rows = Branding.objects.select_related("logo").defer("logo__content")
    return {row.branch_id: row for row in rows}


def branding_of(branding: Branding | None, language: str) -> dict[str, Any]:
    if branding is None:
        return {"accent": "#1f5f8b", "logo": None, "header": "", "footer": ""}
    logo = branding.logo
    return {
        "accent": branding.accent,
        "logo": {"sha256": logo.sha256, "mime": logo.mime_type} if logo else None,
        "header": branding.header_text(language),
        "footer": branding.footer_text(language),
    }


def issuer_of(company: Company, branding: Branding | None, language: str) -> dict[str, Any]:
    bank = [{"bank": company.bank_name, "iban": company.iban, "bic": company.bic}] if company.iban else []
    return {
        "company_uuid": str(company.uuid),
        "name": company.legal_name or company.name,
        "bank": bank,
        "bank_lines": branding.bank_lines if branding else "",
        "tax_lines": branding.tax_lines if branding else "",
        "tax_number": company.tax_number,
        "vat_id": company.vat_id,
        "register": company.register_entry,
        "phone": company.phone,
        "email": company.email,
        "website": company.website,
        "contact": company.contact_person,
        "language": language,
    }


def references_of(case: Case) -> list[dict[str, Any]]:
    """The documents that this one corrects, cancels or came from, each once (BG-3 for invoices)."""
    seen: dict[tuple[str, int], dict[str, Any]] = {}
    for link in case.links_in:
        source = case.sources.get(link.source_document_id)
        if source is None or link.via_id is not None:
            continue
        relation = link.relation
        if relation == Relation.CREATES and case.type.ledger_sign < 0:
            continue  # the return of its goods: what a credit names is the invoice
        takes_over = link.source_line_id is not None and not registry.get(source.kind).traits.is_invoice
        if link.relation == Relation.CORRECTS and takes_over:
            relation = Relation.CREATES  # the successor of a correction stands on the original's deliveries
        seen.setdefault(
            (relation, source.pk),
            {
                "relation": str(relation),
                "kind": source.kind,
                "number": source.number,
                "date": snapshot.plain(source.document_date),
            },
        )
    return [seen[key] for key in sorted(seen, key=lambda key: (key[0], key[1]))]


def search_text(case: Case) -> str:
    """Upper-cased number, partner and references, for the trigram index."""
    document = case.document
    names = [party.name for party in case.parties.values() if party.role in ("buyer", "bill_to", "ship_to")]
    if case.type.side == "input":
        names = [party.name for party in case.parties.values() if party.role == "seller"]
    parts = [
        document.number,
        document.draft_reference,
        document.partner_reference,
        document.buyer_reference,
        *names,
    ]
    return " ".join(dict.fromkeys(part.strip() for part in parts if part)).upper()
