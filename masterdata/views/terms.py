"""Payment terms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masterdata.forms import TermForm, TermPartFormSet
from masterdata.listing import Page
from masterdata.models import PaymentTerm
from masterdata.services.terms import create_payment_term, parts_of, update_payment_term
from masterdata.terms import HUNDRED, TermPart, describe
from masterdata.views.forms import edit, found, posted, version_of
from masterdata.views.lists import ListScreen, yes_no
from valeo.tenancy.access import scoped


class TermList(ListScreen):
    template_name = "masterdata/term_list.html"
    table_template = "masterdata/_term_table.html"
    title = gettext_lazy("Payment terms")
    placeholder = gettext_lazy("Code, name")
    sorts: ClassVar[dict[str, str]] = {"code": "code", "name": "name_de"}
    default_sort = "code"
    filters = (yes_no("active", gettext_lazy("Active"), "active", preset="yes"),)

    def rows(self) -> QuerySet[PaymentTerm]:
        return PaymentTerm.objects.prefetch_related("instalments")

    def search(self, rows: QuerySet[PaymentTerm], text: str) -> QuerySet[PaymentTerm]:
        return rows.filter(Q(code__icontains=text) | Q(name_de__icontains=text) | Q(name_en__icontains=text))

    def extend(self, page: Page) -> dict[str, Any]:
        for row in page.rows:
            row.in_words = describe(parts_of(row))
        return {"may_finance": self.request.actor.has_any("finance:write", "admin:all")}


@scoped("finance:write")
def term_new(request: Any) -> HttpResponse:
    form = TermForm(posted(request))
    rows = TermPartFormSet(posted(request), initial=[{"share": HUNDRED, "days": 30}], prefix="rows")

    def save() -> str:
        create_payment_term(actor=request.actor, values=form.values(), parts=_parts(rows))
        return reverse("masterdata:terms")

    back, title = reverse("masterdata:terms"), _("New payment terms")
    return edit(
        request,
        "masterdata/plain_form.html",
        form=form,
        rows=rows,
        rows_name=_("Instalment"),
        save=save,
        back=back,
        title=title,
    )


@scoped("finance:write")
def term_edit(request: Any, uuid: UUID) -> HttpResponse:
    term = found(PaymentTerm.objects.prefetch_related("instalments"), uuid=uuid)
    form = TermForm(posted(request), instance=term)
    rows = TermPartFormSet(posted(request), initial=[asdict(part) for part in parts_of(term)], prefix="rows")
    back = reverse("masterdata:terms")

    def save() -> str:
        update_payment_term(
            actor=request.actor,
            uuid=uuid,
            values=form.values(),
            parts=_parts(rows),
            expected_version=version_of(request),
        )
        return back

    title = _("Change payment terms")
    return edit(
        request,
        "masterdata/plain_form.html",
        form=form,
        rows=rows,
        rows_name=_("Instalment"),
        save=save,
        back=back,
        title=title,
        row=term,
    )


def _parts(rows: Any) -> list[TermPart]:
    kept = [row for row in rows.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]
    return [row.part(position) for position, row in enumerate(kept, start=1)]
