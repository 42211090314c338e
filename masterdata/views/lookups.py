"""Type-ahead: answers while one types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from masterdata import hooks
from masterdata.kinds import Side
from masterdata.models import Article, Partner
from masterdata.selectors import articles, partners
from masterdata.selectors.prices import PriceQuestion, find_prices
from valeo.core.components import formats
from valeo.tenancy.access import scoped
from valeo.tenancy.scopes import READ_SCOPES

MAX_QUERY = 100


def _text(request: Any) -> str:
    return str(request.GET.get("q", "")).replace("\x00", "").strip()[:MAX_QUERY]


@scoped(*READ_SCOPES)
def lookup_partners(request: Any) -> JsonResponse:
    """``?q=`` and ``?side=sales|purchase``."""
    found = partners.suggestions(_text(request), side=request.GET.get("side", ""))
    free = hooks.free_credit([partner.pk for partner in found])
    results = [_partner(partner, free.get(partner.pk)) for partner in found]
    return JsonResponse({"results": results, "none": _("There is no such partner.")})


def _partner(partner: Partner, free: Decimal | None) -> dict[str, Any]:
    right, tone = "", ""
    if partner.blocked:
        right, tone = _("blocked"), "bad"
    elif free is not None:
        right = _("%(amount)s free") % {"amount": formats.money(free, partner.currency)}
        tone = "warn" if free <= 0 else ""
    place = f"{partner.postal_code} {partner.city}".strip()
    return {
        "id": str(partner.uuid), "number": partner.number, "label": partner.name, "sub": place, "right": right,
        "tone": tone,
    }  # fmt: skip


@scoped(*READ_SCOPES)
def lookup_articles(request: Any) -> JsonResponse:
    """``?q=``, ``?partner=`` (a number, for his price), ``?side=``."""
    found = articles.suggestions(_text(request))
    side = Side.PURCHASE if request.GET.get("side") == Side.PURCHASE else Side.SALES
    partner = _partner_of(request.GET.get("partner", ""))
    currency = partner.currency if partner else request.company.currency
    today = timezone.localdate()
    prices = find_prices(
        side=side,
        partner_id=partner.pk if partner else None,
        currency=currency,
        questions=[_question(article, today) for article in found],
    )
    available = hooks.availability([article.pk for article in found if article.stock_managed])
    results = [
        _article(article, prices[article.pk], available.get(article.pk), currency) for article in found
    ]
    return JsonResponse({"results": results, "none": _("There is no such article.")})


def _question(article: Article, today: date) -> PriceQuestion:
    return PriceQuestion(article.pk, article.pk, Decimal(1), today)


def _partner_of(number: str) -> Partner | None:
    wanted = number.replace("\x00", "").strip()[:32]
    if not wanted:
        return None
    return Partner.objects.filter(Q(customer_number=wanted) | Q(supplier_number=wanted)).first()


def _article(article: Article, price: Any, available: Decimal | None, currency: str) -> dict[str, Any]:
    pieces = []
    if price is not None:
        symbol = (
            price.unit_symbol_en
            if formats.current().locale == formats.LOCALES["en"]
            else price.unit_symbol_de
        )
        base = "" if price.price_base == 1 else f"{formats.quantity(price.price_base)} "
        pieces.append(f"{formats.price(price.price)} {currency} / {base}{symbol}")
    tone = ""
    if available is not None:
        stock = f"{formats.quantity(available)} {article.stock_unit.symbol()}"
        pieces.append(_("%(quantity)s available") % {"quantity": stock})
        tone = "warn" if available <= 0 else ""
    return {
        "id": str(article.uuid), "number": article.number, "label": article.name(),
        "sub": f"{article.get_kind_display()} · {article.sales_unit.symbol()}", "right": " · ".join(pieces), "tone": tone,
        "unit": article.sales_unit.code,
    }  # fmt: skip
