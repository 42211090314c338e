"""What a person changes for himself: language, appearance, password, which news he has seen."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from valeo.core.validation import changed, check
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Membership, User


@transaction.atomic
def set_preferences(*, user: User, language: str | None = None, theme: str | None = None) -> User:
    """Language and appearance; None leaves what is. A taste, not a business fact: no audit entry."""
    given = {"language": language, "theme": theme}
    changes = changed(user, {name: value for name, value in given.items() if value is not None})
    check(user)
    if changes:
        user.save(update_fields=list(changes))
    return user


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor | None) -> None:
    """The person's own new password, which the form has checked; other sessions end with it.

    ``actor`` is None for somebody who is member of no company: there is then no book to write it in.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    if actor is not None:
        journal = Journal(actor)
        journal.entry(action="user.password", obj=user, label=user.username)
        journal.flush()


@transaction.atomic
def see_news(*, actor: Actor) -> None:
    """The bell was opened: what it told until now is no news any more. No business fact: no audit entry."""
    member = Membership.objects.filter(user_id=actor.user_id or 0, company_id=actor.company_id)
    member.update(news_seen_at=timezone.now())
