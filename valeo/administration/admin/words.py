"""The codes of the audit record in words. A code without a word is shown as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.contrib.admin import AllValuesFieldListFilter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ACTIONS: Final[dict[str, str | Promise]] = {
    "accept": _("accepted"),
    "add": _("added"),
    "amend": _("amended"),
    "approve": _("approved"),
    "archive": _("archived"),
    "ask-anew": _("answer opened again"),
    "block": _("blocked"),
    "cancel": _("cancelled"),
    "change": _("changed"),
    "close": _("closed"),
    "correction": _("corrected"),
    "create": _("created"),
    "decline": _("declined"),
    "delete": _("deleted"),
    "discard": _("discarded"),
    "edit": _("edited"),
    "import": _("imported"),
    "init-year": _("year prepared"),
    "opening": _("opening balance entered"),
    "password": _("password set"),
    "post": _("posted"),
    "print": _("printed"),
    "propose": _("amendment proposed"),
    "reject": _("rejected"),
    "reject-amendment": _("amendment rejected"),
    "reopen": _("reopened"),
    "request": _("requested"),
    "reserve": _("reserved"),
    "reset": _("counter set"),
    "retry": _("started again"),
    "revise": _("taken up again"),
    "state": _("state changed"),
    "submit": _("submitted"),
    "succeed": _("succeeded by another"),
    "unblock": _("unblocked"),
    "unclose": _("opened again"),
    "vat_scheme": _("VAT scheme set"),
    "void": _("made void"),
    "withdraw": _("withdrawn"),
    "withdraw-amendment": _("amendment withdrawn"),
}
_OBJECTS: Final[dict[str, str | Promise]] = {
    "documents.document": _("document"),
    "workflow.changerequest": _("change of master data"),
}
#: where the word in an action is not the model's
_NOUNS: Final[dict[str, str | Promise]] = {
    "change": _("change of master data"),
    "limits": _("company limits"),
    "member": _("member"),
    "role": _("role"),
    "series": _("number series"),
    "stock": _("stock"),
}
_STATES: Final[dict[str, str | Promise]] = {
    "draft": _("draft"),
    "pending": _("waiting for approval"),
    "approved": _("approved"),
    "posted": _("posted"),
    "rejected": _("rejected"),
    "cancelled": _("cancelled"),
    "open": _("open"),
    "closed": _("closed"),
    "closed_for_vouchers": _("closed for vouchers"),
}


#: what a scope lets one do (contract § 2)
_SCOPES: Final[dict[str, Promise]] = {
    "sales:read": _("Sales: read"),
    "sales:write": _("Sales: write"),
    "sales:approve": _("Sales: approve"),
    "sales:post": _("Sales: post invoices and credits"),
    "purchase:read": _("Purchase: read"),
    "purchase:write": _("Purchase: write"),
    "purchase:approve": _("Purchase: approve"),
    "purchase:post": _("Purchase: post invoices and credits"),
    "inventory:read": _("Stock: read"),
    "inventory:write": _("Stock: move and correct"),
    "finance:read": _("Finance: read"),
    "finance:write": _("Finance: write"),
    "docs:print": _("Papers: print"),
    "docs:export": _("Papers: export"),
    "docs:archive": _("Papers: search the archive"),
    "policy:read": _("Rules: read"),
    "policy:write": _("Rules: change"),
    "gdpr:erase": _("Personal data: erase"),
    "gdpr:export": _("Personal data: export"),
    "admin:all": _("Administration: everything"),
}


def scope(code: str) -> str | Promise:
    """What a right is for; one without a word is shown as it is."""
    return _SCOPES.get(code, code)


def action(code: str) -> str:
    """What was done, without what it was done to: ``partner.change`` is "changed"."""
    return str(_ACTIONS.get(code.rpartition(".")[2], code))


def object_type(label: str) -> str:
    """The name of a model: ``masterdata.partner`` is "Partner"."""
    if label in _OBJECTS:
        return str(_OBJECTS[label])
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def state(code: str) -> str:
    return str(_STATES.get(code, code))


def _noun(noun: str) -> str:
    """What an action is about: ``tax_code`` is "Tax code"."""
    if noun in _NOUNS:
        return str(_NOUNS[noun])
    name = noun.replace("_", "")
    for model in apps.get_models():
        if model._meta.model_name == name:
            return str(model._meta.verbose_name)
    return noun


class _InWords(AllValuesFieldListFilter):
    """A filter over codes that shows their words."""

    @staticmethod
    def word(code: str) -> str:
        raise NotImplementedError

    def choices(self, changelist: Any) -> Iterator[Any]:
        values = {str(value) for value in self.lookup_choices}
        for choice in super().choices(changelist):
            code = str(choice["display"])
            yield {**choice, "display": (self.word(code) if code in values else choice["display"]) or "–"}


class ActionFilter(_InWords):
    @staticmethod
    def word(code: str) -> str:
        noun, _dot, _verb = code.rpartition(".")
        return f"{_noun(noun)}: {action(code)}" if noun else action(code)


class ObjectTypeFilter(_InWords):
    @staticmethod
    def word(code: str) -> str:
        return object_type(code)
