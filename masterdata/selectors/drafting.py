"""What a draft reads of its partner and its articles: one query each, whatever hangs on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from masterdata.models import Article, ArticleUnit, Partner, PartnerAddress, PartnerContact
from masterdata.selectors import reference as references
from masterdata.selectors.units import units_among
from masterdata.taxing import Dated
from masterdata.units import Units
from valeo.core import rows
from valeo.core.prepared import prepared
from valeo.tenancy.reference import Reference, reference_at
from valeo.tenancy.scope import current_company_id

_PARTNERS: Final = rows.Read(
    Partner,
    """LEFT JOIN masterdata_partneraddress a ON a.partner_id = t.id AND a.company_id = t.company_id AND a.active
       LEFT JOIN masterdata_partnercontact c
         ON c.partner_id = t.id AND c.company_id = t.company_id AND c.active AND c.is_default
       WHERE t.company_id = %(company)s AND t.id IN (
         SELECT unnest(ARRAY[m.id, m.bill_to_id, m.ship_to_id, %(bill_to)s::bigint]) FROM masterdata_partner m
          WHERE m.company_id = %(company)s AND m.id = %(partner)s)
       ORDER BY t.id, a.id, c.id""",
    extra=f"""(SELECT s.stamp FROM tenancy_referencestamp s WHERE s.company_id = t.company_id),
       (SELECT jsonb_agg(jsonb_build_array(x.status, x.valid_from, x.valid_to)) FROM masterdata_partnertaxstatus x
         WHERE x.partner_id = t.id AND x.company_id = t.company_id),
       {rows.columns(PartnerAddress, "a")}, {rows.columns(PartnerContact, "c")}""",  # noqa: S608 - constants
)
_ARTICLES: Final = rows.Read(
    Article,
    """LEFT JOIN masterdata_articleunit u ON u.article_id = t.id AND u.company_id = t.company_id
       WHERE t.company_id = %(company)s AND t.id = ANY(%(articles)s) ORDER BY t.id, u.id""",
    extra=rows.columns(ArticleUnit, "u"),
)
_TAX_FACTS: Final = """
SELECT (SELECT jsonb_agg(jsonb_build_array(x.status, x.valid_from, x.valid_to)) FROM masterdata_partnertaxstatus x
         WHERE x.company_id = %(company)s AND x.partner_id = %(partner)s),
       (SELECT jsonb_object_agg(a.id, a.tax_class) FROM masterdata_article a
         WHERE a.company_id = %(company)s AND a.id = ANY(%(articles)s::bigint[]))
"""
_ADDRESS: Final = len(PartnerAddress._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class People:
    """A partner with those whom his documents name beside him; ``reference`` was read in the same statement."""

    reference: Reference
    partners: dict[int, Partner] = field(default_factory=dict)
    addresses: dict[int, PartnerAddress] = field(default_factory=dict)  # active ones
    contacts: dict[int, PartnerContact] = field(default_factory=dict)  # the active default one, by partner
    statuses: dict[int, list[Dated]] = field(default_factory=dict)  # tax statuses, by partner


def people(partner_id: int, bill_to_id: int | None) -> People | None:
    """The partner, his own recipients and the one asked for; None where the partner is not there. One query."""
    found = _PARTNERS.with_extra(company=current_company_id(), partner=partner_id, bill_to=bill_to_id)
    if not found:
        return None
    result = People(reference_at(found[0][1][0]))
    carriers = references.carriers(result.reference)
    lists = references.price_lists(result.reference)
    for partner, (_stamp, statuses, *joined) in found:
        if partner.pk not in result.partners:
            result.partners[partner.pk] = partner
            result.statuses[partner.pk] = [_dated(*each) for each in json.loads(statuses or "[]")]
        _join(result, joined)
    main = result.partners[partner_id]
    main.bill_to = result.partners.get(main.bill_to_id or 0)
    main.ship_to = result.partners.get(main.ship_to_id or 0)
    for partner in result.partners.values():
        partner.carrier = carriers.get(partner.carrier_id or 0)
        partner.price_list = lists.get(partner.price_list_id or 0)
    return result


def tax_facts(partner_id: int, article_ids: Iterable[int | None]) -> tuple[list[Dated], dict[int, str]]:
    """The partner's tax statuses and the tax class of each article, as stored now. One query."""
    given: dict[str, Any] = {
        "company": current_company_id(), "partner": partner_id, "articles": sorted(pk for pk in article_ids if pk),
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(_TAX_FACTS, given)
        statuses, classes = cursor.fetchone()
    return (
        [_dated(*each) for each in json.loads(statuses or "[]")],
        {int(pk): tax_class for pk, tax_class in json.loads(classes or "{}").items()},
    )


def _join(result: People, joined: list[Any]) -> None:
    address, contact = joined[:_ADDRESS], joined[_ADDRESS:]
    if address[0] is not None and address[0] not in result.addresses:
        result.addresses[address[0]] = rows.builder(PartnerAddress)(address)
    if contact[0] is not None:
        row = rows.builder(PartnerContact)(contact)
        result.contacts[row.partner_id] = row


def _dated(value: str, first: str | None, last: str | None) -> Dated:
    return Dated(value, _day(first), _day(last))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def articles(ids: Iterable[int], reference: Reference) -> tuple[dict[int, Article], dict[int, Units]]:
    """The articles that are there, and how each can be counted. One query."""
    wanted = sorted(ids)
    found: dict[int, Article] = {}
    own: dict[int, list[ArticleUnit]] = {}
    if not wanted:
        return found, {}
    for article, unit in _ARTICLES.with_extra(company=current_company_id(), articles=wanted):
        found.setdefault(article.pk, article)
        if unit[0] is not None:
            own.setdefault(article.pk, []).append(rows.builder(ArticleUnit)(unit))
    known = references.units(reference)
    return found, {
        pk: units_among(article.stock_unit_id, known, own.get(pk, ())) for pk, article in found.items()
    }
