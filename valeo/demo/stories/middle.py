"""The third and the second week before today."""

from __future__ import annotations

from decimal import Decimal

from valeo.demo.desk import Desk, discount, freight
from valeo.demo.stories import changes


def tell(desk: Desk) -> None:
    """In the order of the days."""
    cooperative(desk)
    dealer(desk)
    contractor(desk)
    seed(desk)
    thamsen(desk)
    services(desk)
    hens(desk)
    nets(desk)
    two_farms(desk)


def cooperative(desk: Desk) -> None:
    """Large quantities at the breaks of the list, delivered to its own warehouse, half due at once."""
    order = desk.new(
        "sales_order", "geest", desk.line("weizen", "110"), desk.line("kalkbb", "8"), ago=19,
        allowances=(discount("2"), freight("240.00")), partner_reference="B-55120",
    )  # fmt: skip
    first = desk.follow("delivery_note", order, by="warehouse", ago=19, picks={1: "54.72", 2: "8"})
    second = desk.follow("delivery_note", order, by="warehouse", ago=18, picks={1: "55.6"})
    desk.kept["cooperative"] = desk.follow("sales_invoice", first, second, by="accountant", ago=18)


def dealer(desk: Desk) -> None:
    """One delivery for two orders."""
    one = desk.new("sales_order", "friedrichsen", desk.line("kalkbb", "6"), ago=18)
    other = desk.new(
        "sales_order",
        "friedrichsen",
        desk.line("kalksack", "160"),
        desk.line("muesli", "15"),
        by="clerk2",
        ago=17,
    )
    delivery = desk.follow("delivery_note", one, other, by="warehouse", ago=17)
    desk.kept["dealer"] = desk.follow("sales_invoice", delivery, by="accountant", ago=17)


def contractor(desk: Desk) -> None:
    """An order that was amended from 25 to 30 t: revision 2, a new confirmation."""
    order = desk.new("sales_order", "clausen", desk.line("ahl", "25"), ago=17, keep="amended")
    desk.amend(order, "clerk", "Der Kunde braucht 5 t mehr.", changes.quantity(1, "30"))
    first = desk.follow("delivery_note", order, by="warehouse", ago=16, picks={1: "15"})
    second = desk.follow("delivery_note", order, by="warehouse", ago=16)
    desk.follow("sales_invoice", first, second, by="accountant", ago=16)


def seed(desk: Desk) -> None:
    """Seed with lots from the other warehouse; the rest is closed with a reason."""
    order = desk.new("sales_order", "carstens", desk.line("gerstensaat", "30"), warehouse="BRED", ago=16)
    delivery = desk.follow("delivery_note", order, by="warehouse", ago=15, picks={1: "20"})
    rest = {desk.line_id(order, 1): Decimal(10)}
    desk.act(order, "close", "clerk", "Der Kunde hat genug Saatgut.", line_quantities=rest)
    desk.kept["seed"] = desk.follow("sales_invoice", delivery, by="accountant", ago=15)


def thamsen(desk: Desk) -> None:
    """An order that was cancelled before anything was delivered."""
    order = desk.new("sales_order", "thamsen", desk.line("folie", "6"), by="clerk2", ago=15)
    desk.act(order, "cancel", "clerk2", "Doppelt bestellt.")


def services(desk: Desk) -> None:
    """Services without delivery, invoiced directly; the accountant posts."""
    invoice = desk.new(
        "sales_invoice", "andresen", desk.line("streuen", "32"), desk.line("probe", "6"), desk.line("wiegen", "4"),
        by="accountant", ago=14, supply_from=desk.days.ago(20), supply_to=desk.days.ago(15),
    )  # fmt: skip
    desk.act(invoice, "post", "accountant")


def hens(desk: Desk) -> None:
    """Feed on pallets; three of them come back empty."""
    order = desk.new(
        "sales_order", "huehner", desk.line("legemehl", "120"), desk.line("palette", "4"), ago=14
    )
    delivery = desk.follow("delivery_note", order, by="warehouse", ago=13, keep="pallets")
    desk.kept["hens"] = desk.follow("sales_invoice", delivery, by="accountant", ago=13)
    desk.follow("delivery_note", delivery, by="warehouse", ago=12, picks={2: "3"})


def nets(desk: Desk) -> None:
    """Two nets were torn: taken back for replacement, delivered again, invoiced once."""
    order = desk.new("sales_order", "andresen", desk.line("netz", "12"), desk.line("stretch", "24"), ago=12)
    delivery = desk.follow("delivery_note", order, by="warehouse", ago=12)
    desk.follow("delivery_note", delivery, by="warehouse", ago=11, picks={1: "2"}, replaces=True)
    again = desk.follow("delivery_note", order, by="warehouse", ago=11, picks={1: "2"})
    desk.follow("sales_invoice", delivery, again, by="accountant", ago=10)


def two_farms(desk: Desk) -> None:
    """Goods for the second farm, the invoice for the first; deliveries of both on one invoice."""
    one = desk.new("sales_order", "carstens2", desk.line("kalk", "60"), desk.line("transport", "46"), ago=11)
    other = desk.new("sales_order", "carstens", desk.line("milchsack", "40"), ago=11)
    first = desk.follow("delivery_note", one, by="warehouse", ago=10, picks={1: "59.4"})
    second = desk.follow("delivery_note", other, by="warehouse", ago=10)
    desk.follow("sales_invoice", first, one, second, by="accountant", ago=10)
