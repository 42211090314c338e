"""Which scopes the screens of documents ask for: the widest when a URL names no kind, then exactly the kind's own.

The URL table declares every scope that any kind may name for a right (the middleware refuses who has none of them);
``require`` then asks for those of the kind at hand.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.selectors.cases import document_id, load_case
from documents.spec import DocumentType
from valeo.core.exceptions import NotFound
from valeo.tenancy.access import ScopedRequest

READ: Final = ("sales:read", "purchase:read")
WRITE: Final = ("sales:write", "purchase:write", "inventory:write")
APPROVE: Final = ("sales:approve", "purchase:approve")
POST: Final = (*WRITE, "sales:post", "purchase:post")


def kind_or_404(kind: str) -> DocumentType:
    """The declaration of a kind; one that nobody declares does not exist."""
    try:
        return registry.get(kind)
    except KeyError as error:
        raise NotFound(_("There is no such kind of document.")) from error


def require(request: ScopedRequest, document_type: DocumentType, right: str) -> None:
    """Raise ``NotPermitted`` with the names of the kind's scopes for a right."""
    request.actor.require(*document_type.scopes.of(right))


def case_or_404(request: ScopedRequest, uuid: UUID, right: str) -> Case:
    """The document of the company in scope with its rows; the kind's scope is asked for, too."""
    case = load_case(document_id(uuid), company=request.company)
    require(request, case.type, right)
    return case
