"""Loads the demo: companies, people, master data and stories in one transaction; all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation

from valeo.demo.build import articles, company, partners
from valeo.demo.data import companies as facts
from valeo.demo.data import stock
from valeo.demo.data.articles import ARTICLES, SECOND_ARTICLES
from valeo.demo.data.partners import PARTNERS, SECOND_PARTNERS
from valeo.demo.data.prices import LISTS
from valeo.demo.days import Days
from valeo.demo.desk import Desk
from valeo.demo.stories import early, middle, recent, second, today
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor
from workflow.services.begin import today_in


@dataclass(frozen=True, slots=True)
class Loaded:
    """``second`` is None where the second company existed already."""

    desk: Desk
    second: Desk | None


@transaction.atomic
def load(*, code: str, password: str) -> Loaded:
    """Make the demo company ``code``, and the second one where it does not exist yet.

    People who have an account keep it with its password. Raises ``Refused`` where the services refuse.
    """
    with translation.override("de"):
        desk = _main(code, password)
        exists = Company.objects.filter(code=facts.SECOND_CODE).exists()
        return Loaded(desk, None if exists else _second())


def _main(code: str, password: str) -> Desk:
    days = Days(today_in(Company()))
    made = company.make_company(code, facts.MAIN, facts.BRANDING, facts.LOGO, days)
    with company_scope(made.pk):
        admin = company.make_administrator(made, password)
        company.close_periods(admin, days)
        branches = company.make_branches(admin, facts.BRANCHES)
        warehouses = articles.make_warehouses(admin, facts.WAREHOUSES, branches)
        carriers = articles.make_carriers(admin, facts.CARRIERS)
        goods = articles.make_articles(admin, ARTICLES)
        lists = articles.make_price_lists(admin, LISTS, goods, days)
        groups = partners.make_groups(admin, lists)
        maker = partners.PartnerMaker(admin, days=days, groups=groups, lists=lists, carriers=carriers)
        customers = maker.make(PARTNERS)
        articles.record_stock(admin, stock.OPENING, goods, warehouses, days)
        people = company.make_people(made, password)
        desk = Desk(made, days, people, goods, customers, warehouses)
        for story in (early, middle, recent, today):
            story.tell(desk)
    return desk


def _second() -> Desk:
    days = Days(today_in(Company()))
    made = company.make_company(
        facts.SECOND_CODE, facts.SECOND, facts.SECOND_BRANDING, facts.SECOND_LOGO, days
    )
    with company_scope(made.pk):
        system = system_actor(made.pk)
        company.close_periods(system, days)
        warehouses = articles.make_warehouses(system, facts.SECOND_WAREHOUSES, {})
        goods = articles.make_articles(system, SECOND_ARTICLES)
        groups = partners.make_groups(system, {})
        maker = partners.PartnerMaker(system, days=days, groups=groups, lists={}, carriers={})
        customers = maker.make(SECOND_PARTNERS)
        articles.record_stock(system, stock.SECOND_OPENING, goods, warehouses, days)
        people = company.add_second_members(made)
        desk = Desk(made, days, people, goods, customers, warehouses)
        second.tell(desk)
    return desk
