from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import ArticleKind, TaxClass
from masterdata.models.fields import (
    ZERO,
    Searchable,
    Versioned,
    given,
    not_negative,
    percent_field,
    percent_range,
    positive,
    price_field,
    quantity_field,
    rule,
    unique,
    unique_code,
)
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class ArticleGroup(CompanyOwned, PublicId, Versioned):
    """Articles that share accounts and list prices."""

    code = models.CharField(_("Code"), max_length=12)
    name_de = models.CharField(_("Name (German)"), max_length=80)
    name_en = models.CharField(_("Name (English)"), max_length=80)
    revenue_account = models.CharField(_("Revenue account"), max_length=9, blank=True)
    expense_account = models.CharField(_("Expense account"), max_length=9, blank=True)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Article group")
        verbose_name_plural = _("Article groups")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            unique_code("articlegroup"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name()}"

    def name(self, language: str = "") -> str:
        return self.name_en if (language or get_language() or "de").startswith("en") else self.name_de


class Article(CompanyOwned, PublicId, Searchable, Versioned):
    """What is bought and sold.

    ``list_price`` is net, in the company's currency, per ``price_base`` ``price_unit``; ``standard_cost`` is per
    one stock unit (the moving average lives in the stock ledger).
    """

    number = models.CharField(_("Number"), max_length=32)
    kind = models.CharField(_("Kind"), max_length=8, choices=ArticleKind.choices, default=ArticleKind.ITEM)
    name_de = models.CharField(_("Name (German)"), max_length=120)
    name_en = models.CharField(_("Name (English)"), max_length=120, blank=True)
    description_de = models.TextField(_("Description (German)"), max_length=2000, blank=True)
    description_en = models.TextField(_("Description (English)"), max_length=2000, blank=True)
    group = models.ForeignKey(
        ArticleGroup, verbose_name=_("Article group"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="articles", db_constraint=False,
    )  # fmt: skip
    stock_unit = models.ForeignKey(
        "masterdata.Unit",
        verbose_name=_("Stock unit"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    sales_unit = models.ForeignKey(
        "masterdata.Unit",
        verbose_name=_("Sales unit"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    price_unit = models.ForeignKey(
        "masterdata.Unit",
        verbose_name=_("Price unit"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    price_base = quantity_field(_("Price base"), default=1)
    list_price = price_field(_("List price"), null=True, blank=True)
    standard_cost = price_field(_("Standard cost per stock unit"), null=True, blank=True)
    net_weight = quantity_field(_("Net weight per stock unit in kg"), null=True, blank=True)
    tax_class = models.CharField(
        _("Tax class"),
        max_length=16,
        choices=TaxClass.choices,
        default=TaxClass.STANDARD,
    )
    revenue_account = models.CharField(_("Revenue account"), max_length=9, blank=True)
    expense_account = models.CharField(_("Expense account"), max_length=9, blank=True)
    gtin = models.CharField(_("Barcode (GTIN)"), max_length=14, blank=True)
    stock_managed = models.BooleanField(_("Stock is managed"), default=True)
    lot_duty = models.BooleanField(_("Needs a lot"), default=False)
    weighed = models.BooleanField(_("Weighed goods"), default=False)
    tolerance = percent_field(_("Over-delivery tolerance in %"), null=True, blank=True)
    minimum_stock = quantity_field(_("Minimum stock"), default=ZERO)
    notes = models.TextField(_("Internal notes"), max_length=2000, blank=True)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Article")
        verbose_name_plural = _("Articles")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("article", "group", "stock_unit", "sales_unit", "price_unit"),
            unique("article_number", "number", text=_("This number is taken.")),
            unique(
                "article_gtin", "gtin", condition=~Q(gtin=""), text=_("Another article has this barcode.")
            ),
            given("article", "number"),
            given("article", "name_de"),
            positive("article", "price_base"),
            *not_negative("article", "list_price", "standard_cost", "net_weight", "minimum_stock"),
            percent_range("article", "tolerance"),
            rule(
                "article_stock_kind",
                "stock_managed",
                Q(stock_managed=False) | Q(kind__in=[ArticleKind.ITEM, ArticleKind.DEPOSIT]),
                _("Only items and deposits have stock."),
            ),
            rule(
                "article_lot_stock",
                "lot_duty",
                Q(lot_duty=False) | Q(stock_managed=True),
                _("An article with lots needs its stock managed."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "sort_name", "id"], name="article_by_name"),
            models.Index(fields=["company", "-changed_at", "-id"], name="article_by_change"),
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="article_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name()}"

    def name(self, language: str = "") -> str:
        english = (language or get_language() or "de").startswith("en")
        return (self.name_en if english else "") or self.name_de

    def description(self, language: str = "") -> str:
        english = (language or get_language() or "de").startswith("en")
        return (self.description_en if english else "") or self.description_de


class ArticleUnit(CompanyOwned):
    """1 ``unit`` of the article is ``factor`` stock units; copied (frozen) onto every line that uses it."""

    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        related_name="units",
        db_constraint=False,
        db_index=False,
    )
    unit = models.ForeignKey(
        "masterdata.Unit",
        verbose_name=_("Unit"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    factor = models.DecimalField(_("Stock units in one"), max_digits=18, decimal_places=9)
    text_de = models.CharField(_("Text (German)"), max_length=60, blank=True)
    text_en = models.CharField(_("Text (English)"), max_length=60, blank=True)
    gtin = models.CharField(_("Barcode (GTIN)"), max_length=14, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Unit of an article")
        verbose_name_plural = _("Units of an article")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("articleunit", "article", "unit"),
            unique("articleunit_once", "article", "unit", text=_("The article has this unit already.")),
            unique(
                "articleunit_gtin", "gtin", condition=~Q(gtin=""), text=_("Another article has this barcode.")
            ),
            positive("articleunit", "factor"),
        ]

    def __str__(self) -> str:
        return f"{self.factor.normalize():f}"

    def text(self, language: str = "") -> str:
        return self.text_en if (language or get_language() or "de").startswith("en") else self.text_de
