"""The audit record and the outbox in the administrator's site."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from valeo.administration.admin import words
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import Refused
from valeo.events.models import Job
from valeo.events.services import retry


def _shown(value: Any) -> SafeString:
    """JSON as people read it."""
    return format_html("<pre>{}</pre>", json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


@admin.register(AuditEntry)
class AuditEntryAdmin(BackOfficeModelAdmin[AuditEntry]):
    """Read only, as in the database."""

    section = Section.RECORD
    hint = _("who did what, when and why")
    search_hint = _("Action, object, request")
    may_add = False
    may_change = False
    list_display = ("seq", "at", "user_name", "done", "kind_of_object", "what", "before", "after", "reason")
    list_filter = ("at", ("action", words.ActionFilter), ("object_type", words.ObjectTypeFilter))
    search_fields = ("action", "label", "request_id")
    list_select_related = ("text",)
    ordering = ("-seq",)
    fields = (
        "seq", "at", "user_name", "done", "action", "kind_of_object", "what", "before", "after", "reason",
        "changed_fields", "details", "request_id", "hash_of_content", "hash_before", "hash",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("User"))
    def user_name(self, obj: AuditEntry) -> str:
        return obj.user_name

    @admin.display(description=_("What was done"), ordering="action")
    def done(self, obj: AuditEntry) -> str:
        return words.action(obj.action)

    @admin.display(description=_("Object type"), ordering="object_type")
    def kind_of_object(self, obj: AuditEntry) -> str:
        return words.object_type(obj.object_type)

    @admin.display(description=_("From state"))
    def before(self, obj: AuditEntry) -> str:
        return words.state(obj.from_state)

    @admin.display(description=_("To state"))
    def after(self, obj: AuditEntry) -> str:
        return words.state(obj.to_state)

    @admin.display(description=_("Hash of the content"))
    def hash_of_content(self, obj: AuditEntry) -> str:
        return obj.content_hash

    @admin.display(description=_("Hash of the entry before"))
    def hash_before(self, obj: AuditEntry) -> str:
        return obj.prev_hash

    @admin.display(description=_("Object"))
    def what(self, obj: AuditEntry) -> str:
        return obj.object_label

    @admin.display(description=_("Reason"))
    def reason(self, obj: AuditEntry) -> str:
        return obj.reason

    @admin.display(description=_("Changes"))
    def changed_fields(self, obj: AuditEntry) -> SafeString:
        return _shown(obj.all_changes)

    @admin.display(description=_("Details"))
    def details(self, obj: AuditEntry) -> SafeString:
        return _shown(obj.data)


@admin.register(Job)
class JobAdmin(BackOfficeModelAdmin[Job]):
    """The outbox: what waits, what failed and why; each job can be done again by itself."""

    section = Section.RECORD
    hint = _("what waits, what failed and why")
    search_hint = _("Name or key")
    may_add = False
    may_change = False
    list_display = ("created_at", "name", "key", "state", "attempts", "next_try_at", "done_at", "error_start")
    list_filter = ("state", "name")
    search_fields = ("name", "key")
    ordering = ("-id",)
    fields = (
        "name",
        "key",
        "state",
        "attempts",
        "created_at",
        "next_try_at",
        "done_at",
        "error",
        "content",
        "request_id",
    )
    readonly_fields = fields
    actions = ("do_again",)

    @admin.display(description=_("Last error"))
    def error_start(self, obj: Job) -> str:
        return obj.error[:80]

    @admin.display(description=_("Content"))
    def content(self, obj: Job) -> SafeString:
        return _shown(obj.payload)

    @admin.action(description=_("Do again now"))
    def do_again(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        try:
            count = retry(actor=actor_of(request), job_ids=jobs.values_list("pk", flat=True))
        except Refused as refusal:
            for violation in refusal.violations:
                messages.error(request, str(violation.text))
            return
        messages.success(
            request,
            ngettext("%(count)d job starts again.", "%(count)d jobs start again.", count) % {"count": count},
        )
