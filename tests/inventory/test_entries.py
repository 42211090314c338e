from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.models import StockMovement
from inventory.selectors.proof import verify
from inventory.services.entries import StockEntry, record_correction, record_opening
from masterdata import hooks
from tests.factories.masterdata import make_article, make_masterdata
from tests.factories.tenancy import make_actor
from tests.inventory.conftest import Stock
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import Conflict, NotPermitted, Refused
from valeo.events.models import LiveEvent
from valeo.tenancy.models import Company, Period
from valeo.tenancy.scope import company_scope

D = Decimal


def entry(stock: Stock, quantity: str = "10", **values: Any) -> StockEntry:
    plain = StockEntry(
        article=stock.seed.uuid,
        warehouse=stock.house.uuid,
        quantity=D(quantity),
        reason="counted on the floor",
        unit_cost=D("2.50"),
    )
    return replace(plain, **values)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(item.code, item.field) for item in refused.value.violations]


def test_an_opening_is_recorded_audited_and_announced(stock: Stock) -> None:
    row = record_opening(actor=stock.actor, entry=entry(stock))
    assert (row.stock_quantity, row.value, row.unit_cost) == (D(10), D("25.00"), D("2.50"))
    audit = AuditEntry.objects.get(action="stock.opening")
    assert (audit.object_id, audit.label, audit.data["value"]) == (row.pk, stock.seed.number, "25.00")
    assert "reason" in audit.seals
    assert "counted" not in str(audit.data), "a reason may name a person: it is kept where it can be erased"
    event = LiveEvent.objects.get(channel="inventory")
    assert event.payload["warehouse"] == stock.house.code
    assert list(verify(stock.company.pk)) == []


def test_an_opening_is_the_first_movement_of_its_key(stock: Stock) -> None:
    record_opening(actor=stock.actor, entry=entry(stock))
    with pytest.raises(Refused) as refused:
        record_opening(actor=stock.actor, entry=entry(stock))
    assert codes(refused) == [("opening-exists", "article")]
    record_opening(actor=stock.actor, entry=entry(stock, warehouse=stock.barn.uuid))
    assert StockMovement.objects.count() == 2


def test_corrections_up_and_down(stock: Stock) -> None:
    record_opening(actor=stock.actor, entry=entry(stock))
    more = record_correction(actor=stock.actor, entry=entry(stock, "2", unit_cost=None))
    assert (more.value, more.unit_cost) == (D("5.00"), D("2.50")), "at the average where no cost is given"
    less = record_correction(actor=stock.actor, entry=entry(stock, "-12"))
    assert less.value == D("-30.00")
    assert stock.balance(stock.seed).value == 0
    with pytest.raises(Refused) as refused:
        record_correction(actor=stock.actor, entry=entry(stock, "-0.000001"))
    assert codes(refused) == [("stock-below-zero", "quantity")]
    assert StockMovement.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quantity": D(0)}, [("quantity-zero", "quantity")]),
        ({"quantity": D("0.0000001")}, [("quantity-zero", "quantity")]),
        ({"quantity": D(-1)}, [("quantity-negative", "quantity")]),
        ({"quantity": D("1e12")}, [("too-large", "quantity")]),
        ({"quantity": D("NaN")}, [("too-large", "quantity")]),
        ({"quantity": D("9e11"), "unit_cost": D("9e10")}, [("too-large", "quantity")]),
        ({"unit_cost": D("1e11")}, [("too-large", "unit_cost")]),
        ({"unit_cost": D(-1)}, [("cost-negative", "unit_cost")]),
        ({"reason": "  "}, [("reason-missing", "reason")]),
        ({"reason": "bell\x07"}, [("control-character", "reason")]),
        ({"reason": "x" * 301}, [("too-long", "reason")]),
        ({"lot": "L1"}, [("lot-not-kept", "lot")]),
        ({"effective_on": dt.date(1900, 1, 1)}, [("date-age", "effective_on")]),
        ({"effective_on": dt.date(2150, 1, 1)}, [("date-future", "effective_on")]),
        ({"effective_on": dt.date(2001, 1, 1)}, [("period-none", "effective_on")]),
        ({"warehouse": uuid4()}, [("warehouse-unknown", "warehouse")]),
        ({"article": uuid4()}, [("article-unknown", "article")]),
        (
            {"article": uuid4(), "warehouse": uuid4(), "reason": "", "quantity": D(0)},
            [
                ("reason-missing", "reason"),
                ("warehouse-unknown", "warehouse"),
                ("article-unknown", "article"),
                ("quantity-zero", "quantity"),
            ],
        ),
    ],
)
def test_a_refusal_names_everything_and_changes_nothing(
    stock: Stock, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as refused:
        record_opening(actor=stock.actor, entry=entry(stock, **changes))
    assert codes(refused) == expected
    assert not StockMovement.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="stock.").exists()


def test_lots_where_they_are_due(stock: Stock) -> None:
    with pytest.raises(Refused) as refused:
        record_opening(actor=stock.actor, entry=entry(stock, article=stock.feed.uuid))
    assert codes(refused) == [("lot-missing", "lot")]
    record_opening(actor=stock.actor, entry=entry(stock, article=stock.feed.uuid, lot="CH-1"))
    with pytest.raises(Refused) as refused:
        record_correction(actor=stock.actor, entry=entry(stock, "-11", article=stock.feed.uuid, lot="CH-1"))
    assert codes(refused) == [("lot-short", "quantity")]


def test_a_closed_period_takes_no_entry(stock: Stock) -> None:
    Period.objects.update(state="closed_for_vouchers")
    with pytest.raises(Refused) as refused:
        record_opening(actor=stock.actor, entry=entry(stock))
    assert codes(refused) == [("period-closed_for_vouchers", "effective_on")]


def test_only_who_may_write_stock(stock: Stock) -> None:
    for role in ("operator", "manager", "auditor"):
        with pytest.raises(NotPermitted) as refused:
            record_opening(actor=make_actor(stock.company, [role]), entry=entry(stock))
        assert refused.value.missing == ("inventory:write",)
    assert not StockMovement.objects.exists()
    record_opening(actor=make_actor(stock.company, ["warehouse"]), entry=entry(stock))


def test_an_entry_counts_once(stock: Stock) -> None:
    key = uuid4()
    record_opening(actor=stock.actor, entry=entry(stock, entry_key=key))
    with pytest.raises(Conflict):
        record_correction(actor=stock.actor, entry=entry(stock, entry_key=key))
    assert StockMovement.objects.count() == 1


def test_another_companys_article_is_none(stock: Stock, other_company: Company) -> None:
    with company_scope(other_company.pk):
        foreign = make_article(make_masterdata(other_company))
    with pytest.raises(Refused) as refused:
        record_opening(actor=stock.actor, entry=entry(stock, article=foreign.uuid))
    assert codes(refused) == [("article-unknown", "article")]


def test_the_master_data_hear_of_the_stock(stock: Stock) -> None:
    record_opening(actor=stock.actor, entry=entry(stock))
    stock.order(stock.line("4"))
    assert hooks.availability([stock.seed.pk, stock.feed.pk]) == {stock.seed.pk: D(6), stock.feed.pk: D(0)}
    found = hooks.article_violations(stock.seed.pk, {"stock_unit", "name_de"})
    assert [(item.code, item.field) for item in found] == [("article-has-moved", "stock_unit")]
    assert hooks.article_violations(stock.feed.pk, {"stock_unit"}) == []
