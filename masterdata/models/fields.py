"""Fields and constraints that several nouns share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

ZERO = Decimal(0)


def money_field(verbose_name: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount: 2 decimals."""
    return models.DecimalField(verbose_name, max_digits=15, decimal_places=2, **options)


def price_field(verbose_name: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """A price: 9 decimals (contract § 3)."""
    return models.DecimalField(verbose_name, max_digits=21, decimal_places=9, **options)


def quantity_field(verbose_name: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """A quantity: 6 decimals."""
    return models.DecimalField(verbose_name, max_digits=18, decimal_places=6, **options)


def percent_field(verbose_name: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """A percentage: 19 is 19 %."""
    return models.DecimalField(verbose_name, max_digits=6, decimal_places=3, **options)


class Address(models.Model):
    """A structured address; printed in its country's format."""

    street = models.CharField(_("Street and number"), max_length=120, blank=True)
    street2 = models.CharField(_("Address addition"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=16, blank=True)
    city = models.CharField(_("City"), max_length=80, blank=True)
    region = models.CharField(_("Region"), max_length=80, blank=True)
    country = models.CharField(_("Country"), max_length=2, default="DE")  # ISO 3166-1 alpha-2

    class Meta:
        abstract = True


class Validity(models.Model):
    """Both days inclusive; an empty one is open."""

    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)

    class Meta:
        abstract = True


class Searchable(models.Model):
    """Folded texts (``masterdata.search``): one to find by, one to sort and to find beginnings by.

    The collation C lets one plain index serve both order and beginnings, in every database.
    """

    search_text = models.TextField(editable=False, default="")
    sort_name = models.CharField(max_length=250, editable=False, default="", db_collation="C")

    class Meta:
        abstract = True


class Versioned(models.Model):
    """Optimistic locking: a service refuses a stale version."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


def valid_on(day: Any, prefix: str = "") -> Q:
    """Rows in force on a day (or on the day of an outer expression)."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def rule(name: str, field: str, condition: Q, text: Any) -> BaseConstraint:
    """A check of the database whose refusal belongs to ``field`` and says ``text``."""
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_code=f"{field}:invalid", violation_error_message=text
    )


def unique(name: str, *fields: str, text: Any, condition: Q | None = None, at: str = "") -> BaseConstraint:
    """Unique inside the company; the refusal belongs to the last field or to ``at``."""
    return models.UniqueConstraint(
        fields=["company", *fields],
        condition=condition,
        name=name,
        violation_error_code=f"{at or fields[-1]}:taken",
        violation_error_message=text,
    )


def unique_code(table: str) -> BaseConstraint:
    return unique(f"{table}_code", "code", text=_("This code is taken."))


def validity_order(table: str) -> BaseConstraint:
    return rule(
        f"{table}_validity",
        "valid_to",
        Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        _("The last day lies before the first."),
    )


def country_code(table: str) -> BaseConstraint:
    return rule(
        f"{table}_country_code",
        "country",
        Q(country__regex=r"^[A-Z]{2}$"),
        _("Two capital letters, as in DE."),
    )


def currency_code(table: str) -> BaseConstraint:
    return rule(
        f"{table}_currency_code",
        "currency",
        Q(currency__regex=r"^[A-Z]{3}$"),
        _("Three capital letters, as in EUR."),
    )


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


def no_overlap(table: str, field: str) -> BaseConstraint:
    """No two rows of one owner are in force on the same day."""
    span = DateRange("valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=True))
    return ExclusionConstraint(
        name=f"{table}_no_overlap",
        expressions=[(field, RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)],
        violation_error_code="valid_from:overlap",
        violation_error_message=_("The time overlaps that of another row."),
    )


def percent_range(table: str, field: str) -> BaseConstraint:
    """0 to 100 (an empty one passes)."""
    condition = Q(**{f"{field}__isnull": True}) | (Q(**{f"{field}__gte": 0}) & Q(**{f"{field}__lte": 100}))
    return rule(f"{table}_{field}_range", field, condition, _("Between 0 and 100."))


def not_negative(table: str, *fields: str) -> list[BaseConstraint]:
    return [
        rule(
            f"{table}_{field}_not_negative",
            field,
            Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
            _("Must not be negative."),
        )
        for field in fields
    ]


def positive(table: str, field: str) -> BaseConstraint:
    return rule(f"{table}_{field}_positive", field, Q(**{f"{field}__gt": 0}), _("Must be greater than zero."))


def given(table: str, field: str) -> BaseConstraint:
    return rule(f"{table}_{field}_given", field, ~Q(**{field: ""}), _("This field is required."))
