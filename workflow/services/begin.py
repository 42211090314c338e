"""Opens a work: company, actor and the day in the company's time zone."""

from __future__ import annotations

from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.services.day import today_in
from workflow.services.work import Work

__all__ = ["begin", "today_in"]


def begin(actor: Actor, company: Company | None = None) -> Work:
    """A work of the actor's company; the caller has opened the transaction and finishes it."""
    owner = company or Company.objects.get(pk=actor.company_id)
    return Work(company=owner, actor=actor, today=today_in(owner))
