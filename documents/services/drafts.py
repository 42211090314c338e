"""Creating and changing drafts: one transaction, one audit entry, nothing typed is lost on a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from documents import registry, snapshot
from documents.case import Case
from documents.inputs import DraftInput
from documents.models import Document, Remark
from documents.selectors.cases import load_case
from documents.services import links, saving
from documents.services.compose import compose
from documents.states import State
from valeo.core.exceptions import Conflict, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

_HEADER = (
    "partner_id", "bill_to_id", "language", "currency", "price_mode", "payment_term_id", "buyer_reference",
    "partner_reference", "carrier", "incoterm", "warehouse_id", "header_text", "footer_text", "non_binding",
    "document_date", "supply_from", "supply_to", "valid_until", "terms_date", "posting_date", "gross_total",
)  # fmt: skip
_LINE = ("description", "quantity", "unit", "price", "discount_percent", "tax_code_id", "net_amount")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved draft with what was changed, for the audit."""

    case: Case
    changes: dict[str, list[Any]]


def preview(
    company: Company, data: DraftInput, today: date, existing: Case | None = None, *, amends: bool = False
) -> Case:
    """The document as it would be, for live totals; writes nothing. ``existing`` stays as it is.

    With ``amends`` guards and finders know the content in force, as they do when the amendment is proposed.
    """
    case = existing.apart() if existing is not None else None
    if case is not None and amends:
        case.facts["amends"] = existing
    return compose(company, data, today, existing=case)


@transaction.atomic
def create_draft(*, company: Company, actor: Actor, data: DraftInput, today: date) -> Case:
    """A new draft. Raises ``NotPermitted`` or ``Refused`` with all reasons."""
    actor.require(*registry.get(data.kind).scopes.write)
    journal = Journal(actor)
    case = create(company, actor, data, today, journal)
    journal.flush()
    return case


def create(company: Company, actor: Actor, data: DraftInput, today: date, journal: Journal) -> Case:
    """The steps of a new draft inside a larger use case, whose journal is flushed by the caller."""
    case = compose(company, data, today)
    document = case.document
    document.created_by_id = document.changed_by_id = document.edited_by_id = actor.user_id
    _check_free(case, data)
    added = saving.write(case, is_new=True)
    if any(line.links for line in data.lines) or data.document_links:
        case.links_in = links.create(case, data, added)
    _remark(case, data, actor)
    journal.entry(
        action="create", obj=document, label=str(document), to_state=State.DRAFT,
        data={"kind": document.kind, "gross": snapshot.money(document.gross_total), "lines": len(case.lines)},
    )  # fmt: skip
    journal.event(
        channel=case.type.channel,
        payload={
            "document": str(document.uuid), "kind": document.kind, "number": "", "state": str(document.state),
            "gross": snapshot.money(document.gross_total),
        },
    )  # fmt: skip
    return case


@transaction.atomic
def update_draft(
    *,
    company: Company,
    actor: Actor,
    document_id: int,
    data: DraftInput,
    expected_version: int | None,
    today: date,
) -> Case:
    """Change a draft. Raises ``Conflict`` for a stale version or a document that is no draft any more."""
    journal = Journal(actor)
    case = change(
        company=company, actor=actor, document_id=document_id, data=data, expected_version=expected_version,
        today=today, journal=journal,
    )  # fmt: skip
    journal.flush()
    return case


def change(
    *,
    company: Company,
    actor: Actor,
    document_id: int,
    data: DraftInput,
    expected_version: int | None,
    today: date,
    journal: Journal,
) -> Case:
    """The steps of a changed draft inside a larger use case, whose journal is flushed by the caller."""
    case = _own_draft(company, actor, document_id, data, expected_version)
    document = case.document
    before = _picture(case)
    wanted = {line.id for line in data.lines if line.id}
    known = {line.pk for line in case.lines}
    if wanted - known:
        raise Refused(Violation("line-unknown", _("A line is no longer there. Reload the page."), "lines"))
    case.facts["removed_lines"] = known - wanted
    compose(company, data, today, existing=case)
    document.changed_by_id = document.edited_by_id = actor.user_id
    document.version += 1
    added = saving.write(case, is_new=False)
    case.links_in = [link for link in case.links_in if link.target_line_id not in known - wanted]
    links.keep_in_step(case)
    if any(line.links for line in data.lines if line.id is None):
        case.links_in += links.create(case, data, added)
    document.save()
    _remark(case, data, actor)
    journal.entry(action="edit", obj=document, label=str(document), changes=_changes(before, _picture(case)))
    journal.event(
        channel=case.type.channel,
        payload={
            "document": str(document.uuid), "kind": document.kind, "number": document.number,
            "state": str(document.state), "gross": snapshot.money(document.gross_total),
        },
    )  # fmt: skip
    return case


def _own_draft(
    company: Company, actor: Actor, document_id: int, data: DraftInput, expected_version: int | None
) -> Case:
    """The draft, locked, as the actor saw it; raises ``NotPermitted``, ``Conflict`` or ``Refused``."""
    case = load_case(document_id, company=company, lock=True)
    actor.require(*case.type.scopes.write)
    document = case.document
    if document.kind != data.kind:
        raise Refused(Violation("kind", _("The kind of a document never changes."), "kind"))
    if document.state != State.DRAFT:
        raise Conflict(
            _("%(number)s is no draft any more, so it cannot be changed.") % {"number": str(document)},
            code="wrong-state",
        )
    if expected_version is not None and document.version != expected_version:
        raise Conflict(
            _("Somebody else saved %(number)s in the meantime. Your input is kept; compare, then save again.")
            % {"number": str(document)},
            code="stale-version",
        )
    return case


def _check_free(case: Case, data: DraftInput) -> None:
    if not case.type.may_be_direct and not (data.document_links or any(line.links for line in data.lines)):
        raise Refused(Violation("needs-source", _("This kind is made from another document only.")))


def _remark(case: Case, data: DraftInput, actor: Actor) -> None:
    if data.remark.strip():
        Remark.objects.create(
            company_id=case.company.pk,
            document=case.document,
            text=data.remark.strip(),
            created_by_id=actor.user_id,
        )


def _picture(case: Case) -> dict[str, Any]:
    """What an audit entry compares: header fields and lines by position."""
    document: Document = case.document
    picture = {name: snapshot.plain(getattr(document, name)) for name in _HEADER}
    for line in case.lines:
        for name in _LINE:
            picture[f"line {line.position} {name}"] = snapshot.plain(getattr(line, name))
    for index, row in enumerate(row for row in case.allowances if row.line_id is None):
        picture[f"allowance {index + 1}"] = (
            f"{snapshot.plain(row.percent or Decimal(0))} % {snapshot.money(row.amount)}"
        )
    return picture


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }
