"""Master data, made by its services; the smallest valid object unless a field is given."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from masterdata.models import Article, Partner, PartnerTaxStatus, Price, PriceList, Unit, Warehouse
from masterdata.services.articles import UnitRow, create_article
from masterdata.services.code_lists import create_row
from masterdata.services.defaults import create_default_masterdata
from masterdata.services.partners import create_partner
from masterdata.services.price_lists import create_price_list, save_price
from numbering.models import NumberSeries
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.selectors import system_actor

_numbers = itertools.count(1)


def make_masterdata(company: Company) -> Actor:
    """Defaults and the number series of partners and articles; call inside the company's scope."""
    actor = system_actor(company.pk)
    for kind, prefix in (("customer", "C"), ("supplier", "S"), ("article", "A")):
        if not NumberSeries.objects.filter(kind=kind).exists():
            NumberSeries.objects.create(
                company=company, kind=kind, prefix=prefix, pattern="{prefix}{number:05d}", reset="never",
                valid_from=dt.date(2000, 1, 1),
            )  # fmt: skip
    if not Unit.objects.exists():
        create_default_masterdata(company, actor)
    return actor


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def make_partner(actor: Actor, tax_status: str = "", **values: Any) -> Partner:
    """A customer in Germany."""
    facts = {
        "name": f"Partner {next(_numbers)}",
        "street": "Dorfstr. 1",
        "postal_code": "25813",
        "city": "Husum",
    }
    return create_partner(
        actor=actor, values={**facts, **values}, tax_status=tax_status, accept_duplicate=True
    )


def set_status(
    partner: Partner, status: str, valid_from: dt.date | None = None, valid_to: dt.date | None = None
) -> None:
    """Replace the tax statuses by one, without asking anybody."""
    PartnerTaxStatus.objects.filter(partner=partner).delete()
    PartnerTaxStatus.objects.create(
        company_id=partner.company_id,
        partner=partner,
        status=status,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def make_article(
    actor: Actor, unit_code: str = "H87", units: Sequence[UnitRow] = (), **values: Any
) -> Article:
    """A stock-managed item at 10.00 a piece."""
    facts = {
        "name_de": f"Artikel {next(_numbers)}",
        "stock_unit": unit(unit_code),
        "list_price": Decimal("10.00"),
    }
    return create_article(actor=actor, values={**facts, **values}, units=units)


def make_price_list(actor: Actor, **values: Any) -> PriceList:
    return create_price_list(actor=actor, values={"code": f"L{next(_numbers)}", "name": "List", **values})


def add_price(actor: Actor, price_list: PriceList, price: str, **values: Any) -> Price:
    facts: dict[str, Any] = {"price": Decimal(price), **values}
    return save_price(actor=actor, list_uuid=price_list.uuid, values=facts)


def make_warehouse(actor: Actor, **values: Any) -> Warehouse:
    number = next(_numbers)
    return create_row(
        Warehouse, actor=actor, values={"code": f"W{number}", "name": f"Lager {number}", **values}
    )
