"""The list of the open items."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from masterdata.listing import Page
from masterdata.models import Partner
from masterdata.views.lists import Choice, Filter, ListScreen
from payments.ages import AGES, BY_CODE
from payments.kinds import Side
from payments.models import OpenItem
from payments.progress import is_overdue
from payments.selectors import lists
from payments.selectors.lists import ItemFilter

MAX_QUERY = 100


def _same(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


class OpenItemList(ListScreen):
    """The filters are read into one ``ItemFilter``, so that rows and sums are of the same items."""

    required_scopes = ("finance:read",)
    template_name = "payments/item_list.html"
    table_template = "payments/_item_table.html"
    title = gettext_lazy("Open items")
    placeholder = gettext_lazy("Partner, document number")
    sorts: ClassVar[dict[str, str]] = {"due": "due", "posted": "posting_date", "open": "open_company"}
    default_sort = "due"
    filters = (
        Filter(
            "side",
            gettext_lazy("Side"),
            lambda: [Choice(value, label, _same) for value, label in Side.choices],
        ),
        Filter(
            "state",
            gettext_lazy("State"),
            lambda: (
                Choice("open", gettext_lazy("open"), _same),
                Choice("overdue", gettext_lazy("overdue"), _same),
                Choice("settled", gettext_lazy("settled"), _same),
            ),
            preset="open",
        ),
        Filter("age", gettext_lazy("Age"), lambda: [Choice(age.code, age.label, _same) for age in AGES]),
    )

    @cached_property
    def wanted(self) -> ItemFilter:
        given = self.request.GET
        state = given.get("state", "open")
        return ItemFilter(
            text=given.get("q", "").replace("\x00", "").strip()[:MAX_QUERY],
            side=given.get("side", ""),
            settled={"open": False, "overdue": False, "settled": True}.get(state),
            overdue_on=timezone.localdate() if state == "overdue" else None,
            partner=self.partner,
            age=BY_CODE.get(given.get("age", "")),
            today=timezone.localdate(),
        )

    @cached_property
    def partner(self) -> Partner | None:
        try:
            wanted = UUID(self.request.GET.get("partner", ""))
        except ValueError:
            return None
        return Partner.objects.filter(uuid=wanted).first()

    def rows(self) -> QuerySet[OpenItem]:
        return lists.items(self.wanted)

    def search(self, rows: QuerySet[OpenItem], text: str) -> QuerySet[OpenItem]:
        return rows

    def extend(self, page: Page) -> dict[str, Any]:
        today = timezone.localdate()
        for row in page.rows:
            row.is_overdue = is_overdue(row, today)
        return {
            "sums": lists.sums(self.wanted, today),
            "partner": self.partner,
            "currency": self.request.company.currency,
        }
