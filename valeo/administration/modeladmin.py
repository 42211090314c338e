"""The base of every admin page: rows of the company in scope, saved by one service call, refusals beside the fields."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from valeo.administration.sections import Section
from valeo.core.exceptions import NotFound, Refused
from valeo.tenancy.actor import Actor

_M = TypeVar("_M", bound=models.Model)
#: the lookups of Django's list filters
_FILTERS: Final = ("exact", "isnull", "id__exact", "gte", "lt", "gt", "lte")


def actor_of(request: HttpRequest) -> Actor:
    """The actor whom the middleware has put on the request."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise TypeError("The admin is reached through the access middleware only.")
    return actor


class FigureInput(forms.NumberInput):
    """A figure without the zeros that only the database needs: 19 and not 19.000."""

    def format_value(self, value: Any) -> str | None:
        return (
            f"{value.normalize():f}"
            if isinstance(value, Decimal) and value.is_finite()
            else super().format_value(value)
        )


if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin
else:  # only the stubs are generic

    class _ModelAdmin(admin.ModelAdmin):
        """Lets ``BackOfficeModelAdmin[Model]`` be written for the type checker."""

        def __class_getitem__(cls, model: type) -> type:
            return cls


class BackOfficeModelAdmin(_ModelAdmin[_M]):
    """Subclasses say what may be done and implement ``write``; nothing is deleted unless they say so."""

    #: where it stands on the first page, and what it is for, in a few words
    section: ClassVar[Section] = Section.LISTS
    hint: ClassVar[str | Promise] = ""
    #: what the list says above its rows, and where there are none
    intro: ClassVar[str | Promise] = ""
    empty_hint: ClassVar[str | Promise] = _("What you add stands here.")
    #: what the search looks through
    search_hint: ClassVar[str | Promise] = ""
    #: what follows from deleting a row
    delete_hint: ClassVar[str | Promise] = ""
    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True
    may_delete: ClassVar[bool] = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.URLField: {"assume_scheme": "https", "widget": forms.URLInput},
        models.DecimalField: {"widget": FigureInput},
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }
    save_as = False
    empty_value_display = "–"

    def write(self, request: HttpRequest, obj: _M, form: Any, *, change: bool) -> _M:
        """Call the service that writes what the form says, and return the row it wrote."""
        raise NotImplementedError

    # -- rows and rights

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: _M | None = None) -> bool:
        return actor_of(request).has("admin:all")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and actor_of(request).has("admin:all")

    def has_change_permission(self, request: HttpRequest, obj: _M | None = None) -> bool:
        return self.may_change and actor_of(request).has("admin:all")

    def has_delete_permission(self, request: HttpRequest, obj: _M | None = None) -> bool:
        return self.may_delete and actor_of(request).has("admin:all")

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().delete_view(
            request, object_id, {"delete_hint": self.delete_hint, **(extra_context or {})}
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> _M:
        """Raises ``NotFound`` for another company's row as for one that does not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise NotFound
        return found

    # -- lists and forms

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Headed by what the rows are; Django asks to select one."""
        texts = {
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "intro": self.intro,
            "empty_hint": self.empty_hint,
            "search_hint": self.search_hint,
        }
        if not all(_is_key(value) for value in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise NotFound  # a row to act on that cannot be one
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise NotFound  # PostgreSQL takes no NUL
        return super().changelist_view(request, {**texts, **(extra_context or {})})

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Yes and no as words: Django's pictures say it by colour, and the red one looks like a fault."""
        return tuple(_in_words(self.model, name) for name in super().get_list_display(request))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice of rows without Django's buttons for another window: those rows have their own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for name in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
            if hasattr(widget, name):
                setattr(widget, name, False)
        return field

    # -- what a list may be asked for

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the list's own filters send.

        Django lets through every column of the model: a password's hash could be guessed letter by letter, and a
        regular expression may run for minutes.
        """
        for each in self.list_filter:
            name = each[0] if isinstance(each, tuple) else each
            if isinstance(name, str) and lookup in {name, *(f"{name}__{kind}" for kind in _FILTERS)}:
                return True
        return False

    # -- saving

    def save_model(self, request: HttpRequest, obj: _M, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        written = self.write(request, obj, form, change=change)
        # the page goes on with the row that Django made; it gets what the service has written
        obj.__dict__.update({key: value for key, value in written.__dict__.items() if key != "_state"})
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Left to the service: one form, one call."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A refusal of the service shows the form again, with what was typed and all reasons beside the fields."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: _M | None = None, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, *args, **kwargs)
        return _placing(form, getattr(request, "refusal", None))

    # -- the record of what happened is valeo.audit's

    def log_addition(self, request: HttpRequest, obj: _M, message: Any) -> None:  # type: ignore[override]
        """Left out: the service has written an audit entry."""

    def log_change(self, request: HttpRequest, obj: _M, message: Any) -> None:  # type: ignore[override]
        """Likewise."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Likewise."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own log stays empty, so its page leads back to the row."""
        return self.change_view(request, unquote(object_id), extra_context=extra_context)


@cache
def _in_words(model: type[models.Model], name: str) -> str | Callable[[Any], str]:
    """A column that says yes or no, for a name of such a field; every other name as it is."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if not isinstance(field, models.BooleanField):
        return name

    @admin.display(description=field.verbose_name, ordering=name)
    def column(row: Any) -> str:
        return gettext("yes") if getattr(row, name) else gettext("no")

    column.__name__ = name
    return column


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def _placing(form: type[forms.ModelForm[Any]], refusal: Refused | None) -> type[forms.ModelForm[Any]]:
    """The form with each reason beside its field: the row's own checks', and those of the service that refused."""

    class Placing(form):  # type: ignore[valid-type, misc]
        def _post_clean(self) -> None:
            super()._post_clean()
            for error in self.errors.pop(NON_FIELD_ERRORS, forms.utils.ErrorList()).as_data():
                # a check of the database names its field in its code (masterdata/models/fields.py)
                self._put(str(error.code or "").partition(":")[0], error)
            for violation in refusal.violations if refusal else ():
                self._put(violation.field, ValidationError(str(violation.text), code=violation.code))

        def _put(self, name: str, error: ValidationError) -> None:
            name = getattr(form, "names_in_service", {}).get(name, name)
            self.add_error(name if name in self.fields else NON_FIELD_ERRORS, error)

    return Placing
