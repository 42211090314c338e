"""Articles, their units, price lists, terms and code lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from masterdata import hooks
from masterdata.models import (
    Article,
    PaymentTerm,
    Price,
    PriceList,
    TaxCode,
    TaxRate,
    TaxRule,
    Unit,
    Warehouse,
)  # fmt: skip
from masterdata.services.articles import UnitRow, set_article_active, update_article
from masterdata.services.code_lists import create_row, set_tax_rates, update_row
from masterdata.services.defaults import create_default_masterdata
from masterdata.services.price_lists import remove_price, save_price, update_price_list
from masterdata.services.terms import create_payment_term, parts_of, update_payment_term
from masterdata.terms import TermPart
from tests.factories.masterdata import add_price, make_article, make_price_list, make_warehouse, unit
from tests.masterdata.conftest import as_role
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotPermitted, Refused, Violation
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

D = Decimal


def fields(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {violation.field for violation in error.value.violations}


def test_a_new_article(clerk: Actor) -> None:
    article = make_article(
        clerk, "TNE", [UnitRow(unit("XSA"), D("0.025"))], name_de="Weizen B", gtin="4006381333931"
    )
    assert (article.number, article.sales_unit, article.price_unit) == ("A00001", unit("TNE"), unit("TNE"))
    assert "WEIZEN B" in article.search_text
    assert AuditEntry.objects.filter(action="article.create", object_id=article.pk).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"gtin": "4006381333930"}, "gtin"),
        ({"list_price": D("-0.01")}, "list_price"),
        ({"list_price": D("1e15")}, "list_price"),
        ({"list_price": D("NaN")}, "list_price"),
        ({"price_base": D(0)}, "price_base"),
        ({"name_de": ""}, "name_de"),
        ({"name_de": "A\x07"}, "name_de"),
        ({"kind": "service"}, "stock_managed"),
        ({"lot_duty": True, "stock_managed": False}, "lot_duty"),
        ({"tolerance": D("100.5")}, "tolerance"),
        ({"tax_class": "none"}, "tax_class"),
        ({"stock_unit": None}, "stock_unit"),
    ],
)
def test_what_is_refused(boss: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        make_article(boss, **values)
    assert field in fields(caught)
    assert not Article.objects.exists()


def test_units_need_a_factor_and_only_one(boss: Actor) -> None:
    sack = UnitRow(unit("XSA"), D("0.025"))
    for units in ([sack, sack], [UnitRow(unit("TNE"), D(1))], [UnitRow(unit("XSA"), D(0))]):
        with pytest.raises(Refused):
            make_article(boss, "TNE", units)
    with pytest.raises(Refused) as caught:
        make_article(boss, "TNE", sales_unit=unit("XSA"))
    assert fields(caught) == {"sales_unit"}
    assert not Article.objects.exists()


def test_numbers_and_barcodes_are_unique(boss: Actor) -> None:
    make_article(boss, number="W1", gtin="4006381333931")
    with pytest.raises(Refused) as caught:
        make_article(boss, number="W1", gtin="4006381333931")
    assert fields(caught) == {"number", "gtin"}


def test_change_units_and_rights(boss: Actor, clerk: Actor) -> None:
    article = make_article(boss, "TNE", [UnitRow(unit("XSA"), D("0.025"))])
    with pytest.raises(NotPermitted):
        update_article(actor=as_role(boss, "warehouse"), uuid=article.uuid, values={"name_de": "X"})
    update_article(actor=clerk, uuid=article.uuid, values={}, units=[UnitRow(unit("XJB"), D(1))])
    assert [row.unit.code for row in article.units.all()] == ["XJB"]
    assert not set_article_active(actor=clerk, uuid=article.uuid, active=False).active
    article.refresh_from_db()
    assert article.version == 3


def test_the_stock_ledger_may_object(boss: Actor) -> None:
    article = make_article(boss)
    guard = lambda _pk, names: [Violation("has-stock", "no", "stock_unit")] if "stock_unit" in names else []  # noqa: E731
    hooks.register_article_guard(guard)
    try:
        with pytest.raises(Refused):
            update_article(actor=boss, uuid=article.uuid, values={"stock_unit": unit("KGM")})
        update_article(actor=boss, uuid=article.uuid, values={"name_de": "Neu"})
    finally:
        hooks._registry.article_guards.remove(guard)
    article.refresh_from_db()
    assert (article.name_de, article.stock_unit) == ("Neu", unit("H87"))


def test_prices(boss: Actor, clerk: Actor) -> None:
    article, price_list = make_article(boss), make_price_list(boss)
    price = add_price(clerk, price_list, "9.50", article=article)
    assert price.unit == unit("H87")
    for values in (
        {"article": article, "price": D("9.40")},
        {"article": article, "price": D(-1), "from_quantity": D(5)},
        {"price": D(1), "unit": unit("H87")},
        {"article": article, "price": D(1), "unit": unit("LTR")},
        {"article": article, "price": D(1), "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)},
    ):
        with pytest.raises(Refused):
            save_price(actor=boss, list_uuid=price_list.uuid, values=values)
    assert Price.objects.count() == 1
    save_price(actor=boss, list_uuid=price_list.uuid, price_id=price.pk, values={"price": D("9.60")})
    with pytest.raises(Refused) as caught:
        update_price_list(actor=boss, uuid=price_list.uuid, values={"price_mode": "gross"})
    assert fields(caught) == {"price_mode"}
    remove_price(actor=boss, list_uuid=price_list.uuid, price_id=price.pk)
    assert PriceList.objects.get().version == 4


def test_terms_add_up_to_a_hundred(boss: Actor, clerk: Actor) -> None:
    values = {"code": "T3", "name_de": "Drei", "name_en": "Three"}
    with pytest.raises(NotPermitted):
        create_payment_term(actor=clerk, values=values, parts=[TermPart()])
    for parts in (
        [],
        [TermPart(1, D(50)), TermPart(2, D("49.999"))],
        [TermPart(skonto_days=99, skonto_percent=D(2))],
    ):
        with pytest.raises(Refused):
            create_payment_term(actor=boss, values=values, parts=parts)
    with pytest.raises(Refused):
        create_payment_term(actor=boss, values=values, parts=[TermPart(fixed_day=32)])
    assert not PaymentTerm.objects.filter(code="T3").exists()
    term = create_payment_term(actor=boss, values={**values, "is_default": True}, parts=[TermPart(days=7)])
    assert [one.code for one in PaymentTerm.objects.filter(is_default=True)] == ["T3"]
    update_payment_term(actor=boss, uuid=term.uuid, values={}, parts=[TermPart(days=8)])
    assert parts_of(PaymentTerm.objects.get(code="T3")) == [
        TermPart(share=D("100.000"), days=8, skonto_percent=D("0.000"))
    ]


def test_warehouses_are_the_administrators(boss: Actor, clerk: Actor) -> None:
    with pytest.raises(NotPermitted):
        make_warehouse(clerk)
    first = make_warehouse(boss, is_default=True)
    second = make_warehouse(boss, is_default=True)
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    with pytest.raises(Refused) as caught:
        update_row(Warehouse, actor=boss, pk=first.pk, values={"code": second.code, "country": "de"})
    assert fields(caught) == {"code", "country"}


def test_tax_codes_need_their_reason_and_rates_do_not_overlap(boss: Actor) -> None:
    with pytest.raises(Refused) as caught:
        create_row(
            TaxCode,
            actor=boss,
            values={"code": "X", "name_de": "X", "name_en": "X", "direction": "output", "category": "E"},
        )
    assert fields(caught) == {"exemption_text_de"}
    code = TaxCode.objects.get(code="U19")
    with pytest.raises(Refused) as caught:
        set_tax_rates(
            actor=boss,
            code_uuid=code.uuid,
            rates=[{"percent": D(19)}, {"percent": D(20), "valid_from": date(2027, 1, 1)}],
        )
    assert fields(caught) == {"valid_from"}
    assert TaxRate.objects.filter(code=code).count() == 3
    set_tax_rates(actor=boss, code_uuid=code.uuid, rates=[{"percent": D(19), "valid_to": date(2026, 12, 31)}])
    assert TaxRate.objects.get(code=code).valid_to == date(2026, 12, 31)


def test_the_defaults_come_once(boss: Actor, company: Company) -> None:
    counts = {model: model.objects.count() for model in (Unit, TaxCode, TaxRule, PaymentTerm)}
    entries = AuditEntry.objects.count()
    create_default_masterdata(company, boss)
    assert {model: model.objects.count() for model in counts} == counts
    assert AuditEntry.objects.count() == entries
    assert not TaxCode.objects.filter(rates=None).exists()
    with pytest.raises(NotPermitted):
        create_default_masterdata(company, as_role(boss, "operator"))


@pytest.mark.parametrize("field", ["group", "stock_unit", "sales_unit", "price_unit"])
def test_the_database_refuses_another_companys_row(boss: Actor, other_company: Company, field: str) -> None:
    article = make_article(boss)
    model = Article._meta.get_field(field).related_model
    foreign = model.everywhere.create(company=other_company, code="KGM")  # type: ignore[union-attr]
    with pytest.raises(IntegrityError, match=f"article_{field}_company"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**{field: foreign})
