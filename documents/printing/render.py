"""Snapshot → HTML → PDF bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.template.loader import render_to_string

from documents.printing.content import content_of
from documents.printing.papers import TEMPLATE_VERSION, PageSize, Snapshot, paper_of
from documents.printing.texts import language_of
from documents.spec import Paper


def render_html(
    snapshot: Snapshot,
    *,
    paper: str | Paper,
    language: str,
    page_size: PageSize = "A4",
    has_logo: bool = False,
    draft: bool = False,
    second_copy: bool = False,
) -> str:
    """The paper's HTML with its style sheet; everything from the snapshot is escaped."""
    declared = paper_of(snapshot["document"]["kind"], paper) if isinstance(paper, str) else paper
    content = content_of(
        snapshot,
        paper=declared,
        language=language_of(language),
        page_size=page_size,
        has_logo=has_logo,
        draft=draft,
        second_copy=second_copy,
    )
    return render_to_string(declared.template, content)


def render_pdf(
    snapshot: Snapshot,
    *,
    paper: str | Paper,
    language: str,
    page_size: PageSize = "A4",
    logo: bytes | None = None,
    draft: bool = False,
    second_copy: bool = False,
) -> bytes:
    """A tagged PDF/A-3u. Raises ``LookupError`` for a paper that the kind does not have.

    ``logo`` are the bytes that ``branding.logo`` names; a picture that cannot be read is left out.
    """
    # WeasyPrint takes 0.4 s and 40 MB to load: only processes that print pay for it
    from documents.printing.engine import pdf_of  # noqa: PLC0415

    html = render_html(
        snapshot,
        paper=paper,
        language=language,
        page_size=page_size,
        has_logo=logo is not None,
        draft=draft,
        second_copy=second_copy,
    )
    mime = str(((snapshot.get("branding") or {}).get("logo") or {}).get("mime") or "")
    return pdf_of(html, logo=logo, logo_type=mime, identifier=_identifier(html, logo))


def _identifier(html: str, logo: bytes | None) -> bytes:
    """PDF's document ID from what goes in, so that nothing random does."""
    source: list[Any] = [TEMPLATE_VERSION, html, hashlib.sha256(logo or b"").hexdigest()]
    return hashlib.sha256(json.dumps(source).encode()).digest()[:16]
