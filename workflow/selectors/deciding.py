"""Who may decide what waits: scope, four eyes, and the amount that the role may approve (contract § 4).

The services check it again under lock; here it is read, for the inbox, its number and its buttons.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from documents.spec import DocumentType
from valeo.core.components import formats
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.selectors import four_eyes_on

#: any of them decides a change of credit limit, bank data or tax status
DECIDES: Final = ("finance:write", "sales:approve", "purchase:approve")


class Decider:
    """One actor; whether four eyes are on in his company is asked once per domain, and only where it matters."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._four_eyes: dict[str, bool] = {}

    @cached_property
    def company(self) -> Company:
        return Company.objects.get(pk=self.actor.company_id)

    def hindrance(self, document_type: DocumentType, people: Collection[int | None], amount: Decimal) -> str:
        """Why the actor does not decide a document, in words; empty: he does. ``people``: who wrote or submitted it."""
        actor = self.actor
        if not actor.has_any(*document_type.scopes.approve):
            return _("Your role does not allow this.")
        if actor.user_id in people and self._by_four_eyes(document_type.domain):
            return _("Four eyes: you wrote, changed or submitted it.")
        if actor.approval_limit is not None and amount > actor.approval_limit:
            return _("Above what your role may approve (%(limit)s).") % {
                "limit": formats.money(actor.approval_limit, self.company.currency)
            }
        return ""

    def hindrance_of_change(self, asked_by: int | None) -> str:
        """The same for a change of master data."""
        if not self.actor.has_any(*DECIDES):
            return _("Your role does not allow this.")
        if asked_by == self.actor.user_id:
            return _("Four eyes: whoever asked for a change does not decide it.")
        return ""

    def _by_four_eyes(self, domain: str) -> bool:
        if domain not in self._four_eyes:
            self._four_eyes[domain] = four_eyes_on(self.company, domain)
        return self._four_eyes[domain]
