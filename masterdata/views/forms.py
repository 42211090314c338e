"""The form screen of the master data: show, take, call the service once, show its refusals beside the fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from masterdata.forms.base import filled, put_errors, put_row_errors
from valeo.core.exceptions import Conflict, NotFound, Refused

READY = 303


def found(rows: models.QuerySet[Any], **by: Any) -> Any:
    """The row of the company in scope. Raises ``NotFound``."""
    row = rows.filter(**by).first()
    if row is None:
        raise NotFound
    return row


def version_of(request: HttpRequest) -> int | None:
    """The version that the form was shown with."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def edit(
    request: Any,
    template: str,
    *,
    form: Any,
    save: Callable[[], str],
    rows: BaseFormSet[Any] | None = None,
    rows_name: str = "",
    done: str = "",
    **context: Any,
) -> HttpResponse:
    """GET shows ``form`` (and ``rows``); POST calls ``save``, which answers where to go."""
    status = 200
    if request.method == "POST":
        valid = form.is_valid()
        valid = (rows is None or rows.is_valid()) and valid
        status = 422
        if valid:
            try:
                target = save()
            except Refused as refusal:
                if rows is None:
                    put_errors(form, refusal)
                else:
                    put_row_errors(rows, form, refusal)
            except Conflict as conflict:
                form.add_error(None, str(conflict))
                status = 409
            else:
                messages.success(request, done or _("Saved."))
                answer = HttpResponseRedirect(target)
                answer.status_code = READY
                return answer
    return render(
        request, template, {"form": form, "rows": rows, "rows_name": rows_name, **context}, status=status
    )


def typed(rows: BaseFormSet[Any]) -> list[Any]:
    return filled(rows)


def posted(request: HttpRequest) -> Any:
    """Bound data for a form, None to show it empty."""
    return request.POST if request.method == "POST" else None
