"""Words for the screens of the master data."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from masterdata.models import Article, ArticleUnit, Partner, PaymentTerm
from masterdata.services.terms import parts_of
from masterdata.terms import describe
from valeo.core.components import buttons, formats
from valeo.core.components.tables import query

register = template.Library()


@register.simple_tag(takes_context=True)
def filter_menu(context: Context, one: dict[str, Any]) -> SafeString:
    """A menu of a filter's values, each a link."""
    items = [
        buttons.menu_item(
            _("all"), href=query(context, **{one["key"]: one["off"]}), active=one["chosen"] is None
        )
    ]
    items += [
        buttons.menu_item(label, href=query(context, **{one["key"]: value}), active=chosen)
        for value, label, chosen in one["choices"]
    ]
    rendered = "".join(render_to_string("components/menu_item.html", item) for item in items)
    note = one["chosen"].label if one["chosen"] else ""
    return buttons.menu(
        SafeString(rendered), one["label"], kind="plain", small=True, note=note, group="filters"
    )


@register.simple_tag
def address(row: Any) -> SafeString:
    """An address on several lines."""
    town = f"{row.postal_code} {row.city}".strip()
    lines = [(line,) for line in (row.street, row.street2, town, row.region, row.country) if line]
    return format_html_join(SafeString("<br>"), "{}", lines)


@register.simple_tag
def span(row: Any) -> str:
    """From a day to a day, in words."""
    if row.valid_from and row.valid_to:
        return f"{formats.day(row.valid_from)} – {formats.day(row.valid_to)}"
    if row.valid_from:
        return _("from %(day)s") % {"day": formats.day(row.valid_from)}
    return _("to %(day)s") % {"day": formats.day(row.valid_to)} if row.valid_to else _("always")


@register.simple_tag
def term_words(term: PaymentTerm) -> str:
    return describe(parts_of(term))


@register.simple_tag
def vat_words(partner: Partner) -> str:
    """What is known of the VAT ID."""
    if partner.vat_id_valid is False:
        return _("not confirmed by the authority")
    if partner.vat_id_checked_on is None:
        return _("not checked yet")
    return _("checked on %(day)s") % {"day": formats.day(partner.vat_id_checked_on)}


@register.simple_tag
def per(row: Any) -> str:
    """/ t or / 100 kg: what a price is for (an article, or a price of a list)."""
    unit = row.price_unit if isinstance(row, Article) else row.unit
    base = "" if row.price_base == 1 else f"{formats.quantity(row.price_base)} "
    return f"/ {base}{unit.symbol()}"


@register.simple_tag
def factor(row: ArticleUnit, article: Article) -> SafeString:
    return format_html("{} {}", formats.number(row.factor, most=9), article.stock_unit.symbol())


@register.simple_tag
def row_title(name: str, number: int) -> str:
    """Instalment 2."""
    return f"{name or _('Row')} {number}"
