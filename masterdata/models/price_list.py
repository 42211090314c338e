from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import PriceMode, Side
from masterdata.models.fields import (
    ZERO,
    Validity,
    Versioned,
    currency_code,
    not_negative,
    positive,
    price_field,
    quantity_field,
    rule,
    unique_code,
    validity_order,
)
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class PriceList(CompanyOwned, PublicId, Validity, Versioned):
    """A list of prices in one currency, all net or all gross."""

    code = models.CharField(_("Code"), max_length=12)
    name = models.CharField(_("Name"), max_length=80)
    side = models.CharField(_("Side"), max_length=8, choices=Side.choices, default=Side.SALES)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    price_mode = models.CharField(
        _("Price mode"), max_length=8, choices=PriceMode.choices, default=PriceMode.NET
    )
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Price list")
        verbose_name_plural = _("Price lists")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            unique_code("pricelist"),
            validity_order("pricelist"),
            currency_code("pricelist"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Price(CompanyOwned, Validity):
    """``price`` per ``price_base`` ``unit`` from ``from_quantity`` (in ``unit``) on; for an article or its group."""

    price_list = models.ForeignKey(
        PriceList,
        on_delete=models.CASCADE,
        related_name="prices",
        db_constraint=False,
        db_index=False,
    )
    article = models.ForeignKey(
        "masterdata.Article", verbose_name=_("Article"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="prices", db_constraint=False,
    )  # fmt: skip
    article_group = models.ForeignKey(
        "masterdata.ArticleGroup", verbose_name=_("Article group"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="prices", db_constraint=False,
    )  # fmt: skip
    unit = models.ForeignKey(
        "masterdata.Unit",
        verbose_name=_("Unit"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    price_base = quantity_field(_("Price base"), default=1)
    from_quantity = quantity_field(_("From quantity"), default=ZERO)
    price = price_field(_("Price"))

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Price")
        verbose_name_plural = _("Prices")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("price", "price_list", "article", "article_group", "unit"),
            validity_order("price"),
            *not_negative("price", "price", "from_quantity"),
            positive("price", "price_base"),
            rule(
                "price_article_or_group",
                "article",
                Q(article__isnull=True, article_group__isnull=False)
                | Q(article__isnull=False, article_group__isnull=True),
                _("Choose an article or an article group."),
            ),
            models.UniqueConstraint(
                fields=[
                    "company",
                    "price_list",
                    "article",
                    "article_group",
                    "unit",
                    "from_quantity",
                    "valid_from",
                ],
                nulls_distinct=False,
                name="price_once",
                violation_error_code="from_quantity:taken",
                violation_error_message=_("This price stands in the list already."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "price_list", "article"], name="price_by_article"),
            models.Index(fields=["company", "price_list", "article_group"], name="price_by_group"),
        ]

    def __str__(self) -> str:
        return f"{self.price.normalize():f}"
