"""How a company releases a kind, and who may decide (contract § 4)."""

from __future__ import annotations

from dataclasses import dataclass

from documents import quantities, registry
from documents.case import Case
from documents.kinds import Relation
from documents.models import Document, Line
from documents.prices import same_price
from documents.spec import AlsoNeeded, DocumentType
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.reference import Reference, reference
from valeo.tenancy.scopes import implied
from valeo.tenancy.selectors import memberships
from workflow.models import ReleaseRule


@dataclass(frozen=True, slots=True)
class Release:
    always: bool
    post_on_release: bool


def release_of(document_type: DocumentType, at: Reference | None = None) -> Release:
    """The company's rule for the kind, else the kind's own declaration."""
    rules = (at or reference()).get("release rules", _rules)
    rule = rules.get(str(document_type.kind))
    always = (rule.approval if rule else document_type.approval) == ReleaseRule.Approval.ALWAYS
    post = (
        rule.post_on_release if rule and rule.post_on_release is not None else document_type.post_on_release
    )
    return Release(always=always, post_on_release=bool(post))


def _rules() -> dict[str, ReleaseRule]:
    return {str(row.kind): row for row in ReleaseRule.objects.all()}


def posts_on_release(case: Case, release: Release) -> bool:
    """One click to posted: declared for the kind, or every line comes from sources that carried its price.

    Something must have come from what the kind names (an invoice: from a posted delivery); beside it stands what is
    not delivered, at the prices of its order. A document of services alone is posted by a person.
    """
    if release.post_on_release:
        return True
    kinds = case.type.post_on_release_from
    if not kinds or not case.amount_lines:
        return False
    found = [_priced_source(case, line) for line in case.amount_lines]
    return all(found) and any(source.kind in kinds for source in found if source)


def _priced_source(case: Case, line: Line) -> Document | None:
    """The document in force that the line was taken from as it stands, at the same price."""
    for link in case.links_of(line):
        document = case.sources.get(link.source_document_id)
        source = case.source_lines.get(link.source_line_id or 0)
        if document is None or source is None or not same_price(line, source):
            continue
        from_document = registry.get(document.kind)
        if document.kind in case.type.post_on_release_from:
            return document
        if link.relation == Relation.CREATES and not quantities.is_delivered(source, from_document):
            return document
    return None


def asks_always(case: Case) -> bool:
    """Whether a person decides it whatever it says: the company's rule for the kind, or half of a correction."""
    is_half = any(link.relation == Relation.SETTLES and link.source_line_id is None for link in case.links_in)
    return is_half or release_of(case.type).always


def same_eyes(case: Case, actor: Actor) -> bool:
    """Whether the actor created, submitted or last edited what he is about to decide."""
    document = case.document
    return actor.user_id in {document.created_by_id, document.submitted_by_id, document.edited_by_id}


def lacks_to_post(case: Case, actor: Actor) -> list[AlsoNeeded]:
    """What posting asks for beside the kind's own scope, and neither the actor nor who submitted it holds."""
    needed = [need for finder in case.type.post_needs for need in finder(case)]
    submitter = case.document.submitted_by_id
    return [
        need
        for need in needed
        if not (actor.has_any(*need.scopes) or user_has_any(case.company, submitter, need.scopes))
    ]


def user_has_any(company: Company, user_id: int | None, scopes: tuple[str, ...]) -> bool:
    """Whether a member holds one of the scopes now (not when he acted)."""
    if user_id is None:
        return False
    membership = memberships().filter(company=company, user_id=user_id).first()
    return membership is not None and bool(implied(set(membership.scopes)) & set(scopes))


def may_withdraw(case: Case, actor: Actor) -> bool:
    """Who wrote or submitted a document takes it back, or an approver (contract § 4)."""
    document = case.document
    return actor.user_id in {document.created_by_id, document.submitted_by_id} or actor.has_any(
        *case.type.scopes.approve
    )
