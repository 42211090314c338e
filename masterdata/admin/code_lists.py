"""Units, warehouses, groups, carriers."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from masterdata.models import ArticleGroup, Carrier, PartnerGroup, Unit, Warehouse
from masterdata.services.code_lists import create_row, update_row
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of

_M = TypeVar("_M", bound=models.Model)


class CodeListAdmin(BackOfficeModelAdmin[_M]):
    """One form, one service call."""

    exclude = ("company",)
    search_hint: ClassVar[str | Promise] = _("Code")
    search_fields: ClassVar[tuple[str, ...]] = ("code",)
    ordering: ClassVar[tuple[str, ...]] = ("code",)

    def write(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> Any:
        if change:
            return update_row(self.model, actor=actor_of(request), pk=obj.pk, values=form.cleaned_data)
        return create_row(self.model, actor=actor_of(request), values=form.cleaned_data)


@admin.register(Unit)
class UnitAdmin(CodeListAdmin[Unit]):
    list_display = ("code", "name_de", "name_en", "symbol_de", "decimals", "active")
    list_filter = ("active",)


@admin.register(Warehouse)
class WarehouseAdmin(CodeListAdmin[Warehouse]):
    list_display = ("code", "name", "kind", "branch", "city", "is_default", "active")
    list_filter = ("kind", "active")
    list_select_related = ("branch",)


@admin.register(ArticleGroup)
class ArticleGroupAdmin(CodeListAdmin[ArticleGroup]):
    list_display = ("code", "name_de", "name_en", "revenue_account", "active")


@admin.register(PartnerGroup)
class PartnerGroupAdmin(CodeListAdmin[PartnerGroup]):
    list_display = ("code", "name", "price_list", "active")
    list_select_related = ("price_list",)


@admin.register(Carrier)
class CarrierAdmin(CodeListAdmin[Carrier]):
    list_display = ("code", "name", "active")
