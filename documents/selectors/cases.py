"""Loads a document with all its rows; locked where a service is about to change it."""

from __future__ import annotations

import uuid as uuid_module
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.models import AllowanceCharge, Document, Instalment, Line, LineLot, Link, Party, TaxGroup
from valeo.core import rows
from valeo.core.exceptions import NotFound
from valeo.core.prepared import prepared
from valeo.tenancy.models import Company
from valeo.tenancy.scope import current_company_id

# The document and everything up the chain it was made from; a cycle cannot arise, since links point to older rows.
_CHAIN = """
WITH RECURSIVE chain(id) AS (
  SELECT unnest(%s::bigint[])
  UNION
  SELECT l.source_document_id FROM documents_link l JOIN chain c ON l.target_document_id = c.id
)
SELECT id FROM chain
"""
_MAX_ROUNDS = 5
_WITH_CHAIN: Final = _CHAIN.replace("%s", "%(ids)s").replace("SELECT id FROM chain\n", "")
_OF_CHAIN: Final = "WHERE t.company_id = %(company)s AND t.id IN (SELECT id FROM chain) ORDER BY t.id"
_OF_DOCUMENTS: Final = "WHERE t.company_id = %(company)s AND t.document_id = ANY(%(ids)s) ORDER BY "
_DOCUMENTS: Final = rows.Read(Document, _OF_CHAIN, before=_WITH_CHAIN)
_LOCKED: Final = rows.Read(Document, f"{_OF_CHAIN} FOR NO KEY UPDATE OF t", before=_WITH_CHAIN)
_LINKS: Final = rows.Read(
    Link, "WHERE t.company_id = %(company)s AND t.target_document_id = ANY(%(ids)s) ORDER BY t.id"
)
_LINES: Final = rows.Read(Line, f"{_OF_DOCUMENTS} t.document_id, t.position")
_ALLOWANCES: Final = rows.Read(AllowanceCharge, f"{_OF_DOCUMENTS} t.entry, t.id")
_GROUPS: Final = rows.Read(TaxGroup, f"{_OF_DOCUMENTS} t.rate DESC, t.category")
_PARTIES: Final = rows.Read(Party, f"{_OF_DOCUMENTS} t.id")
_INSTALMENTS: Final = rows.Read(Instalment, f"{_OF_DOCUMENTS} t.position")


def document_id(uuid: uuid_module.UUID | str) -> int:
    """The key behind a public id in the company in scope; raises ``NotFound`` (another company's too)."""
    try:
        found = Document.objects.filter(uuid=uuid).values_list("pk", flat=True).first()
    except (ValueError, TypeError):
        found = None
    if found is None:
        raise NotFound(_("There is no such document."))
    return int(found)


def chain_ids(ids: Iterable[int]) -> set[int]:
    """The documents and all their sources, up the chain."""
    with prepared() as cursor:
        cursor.execute(_CHAIN, [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def lock_chain(ids: Iterable[int]) -> dict[int, Document]:
    """Lock the documents and all their sources in one statement ordered by id; start over if the set changed."""
    asked = list(ids)
    company_id = current_company_id()
    for _round in range(_MAX_ROUNDS):
        locked = {row.pk: row for row in _LOCKED(company=company_id, ids=asked)}
        if not locked.keys() >= set(asked):
            return locked  # deleted, or another company's: the caller says that there is no such document
        if chain_ids(asked) == set(locked):
            return locked
    message = "the chain of a document kept changing"
    raise RuntimeError(message)


def load_case(pk: int, *, company: Company | None = None, lock: bool = False) -> Case:
    """The document with its rows, its direct and passed-on links and the lines these come from.

    With ``lock`` the document and its sources up the chain are locked (contract § 4, architecture § 5).
    """
    return load_cases([pk], company=company, lock=lock)[0]


def load_cases(
    pks: list[int], *, company: Company | None = None, lock: bool = False, lines_only: bool = False
) -> list[Case]:
    """Several documents at once, in the order given, with one query per table.

    ``lines_only`` leaves allowances, VAT groups, parties, instalments and lots out, for who only looks at lines.
    """
    if lock:
        documents = lock_chain(pks)
    else:
        documents = {row.pk: row for row in _DOCUMENTS(company=current_company_id(), ids=pks)}
    if any(pk not in documents for pk in pks):
        raise NotFound(_("There is no such document."))
    owner = company or Company.objects.get(pk=current_company_id())
    company_id = current_company_id()
    links = _LINKS(company=company_id, ids=pks)
    source_documents = {link.source_document_id for link in links}
    lines: dict[int, list[Line]] = {}
    by_id: dict[int, Line] = {}
    for line in _LINES(company=company_id, ids=[*{*pks, *source_documents}]):
        lines.setdefault(line.document_id, []).append(line)
        by_id[line.pk] = line
    cases = []
    for pk in pks:
        own_links = [link for link in links if link.target_document_id == pk]
        sources = {link.source_document_id for link in own_links}
        cases.append(
            Case(
                company=owner,
                document=documents[pk],
                type=registry.get(documents[pk].kind),
                lines=lines.get(pk, []),
                links_in=own_links,
                sources={source: documents[source] for source in sources if source in documents},
                source_lines={line.pk: line for source in sources for line in lines.get(source, [])},
                facts={"chain": documents},
            )
        )
    if not lines_only:
        _fill(cases)
    return cases


def _fill(cases: list[Case]) -> None:
    by_pk = {case.document.pk: case for case in cases}
    given = {"company": current_company_id(), "ids": list(by_pk)}
    for allowance in _ALLOWANCES(**given):
        by_pk[allowance.document_id].allowances.append(allowance)
    for group in _GROUPS(**given):
        by_pk[group.document_id].tax_groups.append(group)
    for party in _PARTIES(**given):
        by_pk[party.document_id].parties[party.role] = party
    for instalment in _INSTALMENTS(**given):
        by_pk[instalment.document_id].instalments.append(instalment)
    with_lots = [case for case in cases if any(line.lot_duty for line in case.lines)]
    if with_lots:
        for lot in LineLot.objects.filter(document__in=[case.document.pk for case in with_lots]).order_by(
            "lot"
        ):
            by_pk[lot.document_id].lots.setdefault(lot.line_id, []).append(lot)
