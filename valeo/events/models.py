"""What leaves a transaction: live events for browsers and jobs for the worker."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.tenancy.base import CompanyOwned


class Channel(models.TextChoices):
    """The channels of contract § 8."""

    WORKFLOW = "workflow", _("Workflow")
    SALES = "sales", _("Sales")
    PURCHASE = "purchase", _("Purchase")
    INVENTORY = "inventory", _("Inventory")
    POLICY = "policy", _("Policies")


class JobState(models.TextChoices):
    OPEN = "open", _("waiting")
    DONE = "done", _("done")
    DEAD = "dead", _("given up")


class EventHead(models.Model):
    """The last event id of a company; locked to commit, so that ids are commit order without gaps."""

    company = models.OneToOneField(
        "tenancy.Company", on_delete=models.PROTECT, primary_key=True, related_name="+", editable=False
    )
    seq = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.company_id}: {self.seq}"


class LiveEvent(CompanyOwned):
    """An event as browsers get it; ``seq`` is its id, one count per company over all channels."""

    seq = models.BigIntegerField(_("id"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("live event")
        verbose_name_plural = _("live events")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[BaseConstraint]] = [
            # the base's unique (company, id) is left out: nothing refers to events by a composite key
            models.UniqueConstraint(fields=["company", "seq"], name="liveevent_seq"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="liveevent_channel_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at"], name="liveevent_created")
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="never_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="RAISE EXCEPTION 'valeo: live events are never changed' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.seq}"


class Job(CompanyOwned):
    """A job in the outbox: written with its cause, done by the worker at least once, its effect once by its key."""

    name = models.CharField(_("job"), max_length=80)
    key = models.CharField(_("key"), max_length=200)
    payload = models.JSONField(_("content"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.OPEN)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease_token = models.UUIDField(null=True, editable=False)
    error = models.TextField(_("last error"), blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "key"], name="job_key"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="open"), name="job_open"),
            models.Index(fields=["done_at"], condition=Q(state="done"), name="job_done"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
