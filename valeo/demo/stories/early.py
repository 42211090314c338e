"""The fifth to the third week before today."""

from __future__ import annotations

from documents.inputs import LineInput
from documents.kinds import LineKind
from valeo.demo.desk import Desk, discount, freight


def tell(desk: Desk) -> None:
    """In the order of the days."""
    pigs_and_sheep(desk)
    milk(desk)
    abroad(desk)
    garden(desk)
    town(desk)
    brodersen(desk)


def pigs_and_sheep(desk: Desk) -> None:
    """A declined and an accepted quotation, a small order and one quotation that runs out of time."""
    declined = desk.new(
        "quotation", "ketels", desk.line("gerste", "60"), desk.line("soja", "12"), desk.line("verpackung", "1"), ago=33,
        valid_until=desk.days.ahead(3),
    )  # fmt: skip
    desk.act(declined, "decline", "clerk", "Ein Mitbewerber war günstiger.")
    quoted = desk.new(
        "quotation", "nissen", desk.line("ferkel", "48"), desk.line("mineral", "20"), desk.line("palette", "2"),
        ago=32, allowances=(discount("3"), freight("60.00")), partner_reference="Anfrage 118",
    )  # fmt: skip
    order = desk.follow("sales_order", quoted, ago=31)
    sheep = desk.new(
        "sales_order", "schaefer", desk.line("netz", "10"), desk.line("garn", "12"), desk.line("leckstein", "20"),
        by="clerk2", ago=31,
    )  # fmt: skip
    desk.new(
        "quotation", "gruen", desk.line("kalksack", "160"), desk.line("rasenduenger", "20"), by="clerk2", ago=30,
        valid_until=desk.days.ago(16), header_text="Vielen Dank für Ihre Anfrage auf unserem Hoftag.",
    )  # fmt: skip
    sheep_delivery = desk.follow("delivery_note", sheep, by="warehouse", ago=30)
    desk.follow("sales_invoice", sheep_delivery, by="accountant", ago=29)
    delivery = desk.follow("delivery_note", order, by="warehouse", ago=28)
    desk.follow("sales_invoice", delivery, by="accountant", ago=27)


def milk(desk: Desk) -> None:
    """Bulk feed in two loads, weighed, a little over, on one invoice."""
    order = desk.new("sales_order", "jansen", desk.line("milch", "24"), ago=26, partner_reference="Silo 2")
    first = desk.follow("delivery_note", order, by="warehouse", ago=26, picks={1: "12.34"})
    second = desk.follow("delivery_note", order, by="warehouse", ago=26, picks={1: "12.16"})
    desk.kept["milk"] = desk.follow("sales_invoice", first, second, by="accountant", ago=26)


def abroad(desk: Desk) -> None:
    """Intra-Community supplies to Denmark and the Netherlands, an export to Switzerland with lots."""
    danish = desk.new(
        "sales_order", "danmark", desk.line("weizen", "50"), ago=26, partner_reference="PO 8831"
    )
    dutch = desk.new("sales_order", "holland", desk.line("kasbb", "20"), ago=25)
    swiss = desk.new("sales_order", "schweiz", desk.line("weide", "40"), by="clerk2", ago=25)
    shipped = [
        desk.follow("delivery_note", danish, by="warehouse", ago=25, picks={1: "50.4"}),
        desk.follow("delivery_note", dutch, by="warehouse", ago=25),
        desk.follow("delivery_note", swiss, by="warehouse", ago=25),
    ]
    for delivery in shipped:
        desk.follow("sales_invoice", delivery, by="accountant", ago=25)


def garden(desk: Desk) -> None:
    """Over the counter: a delivery without an order, in gross prices."""
    sold = desk.new(
        "delivery_note", "meier", desk.line("rasen", "2"), desk.line("rasenduenger", "3"), desk.line("handschuhe", "1"),
        by="clerk2", ago=25,
    )  # fmt: skip
    desk.follow("sales_invoice", sold, by="accountant", ago=25)


def town(desk: Desk) -> None:
    """A public body: goods from a delivery and the service of its order on one invoice, with its Leitweg-ID."""
    heading = LineInput(line_kind=LineKind.HEADING, description="Sportplätze 1 bis 4")
    order = desk.new(
        "sales_order", "gemeinde", heading, desk.line("rasen", "20"), desk.line("rasenduenger", "30"),
        desk.line("streuen", "4"), LineInput(line_kind=LineKind.SUBTOTAL, description="Zwischensumme"),
        ago=24, partner_reference="Auftrag 2026-077",
    )  # fmt: skip
    delivery = desk.follow("delivery_note", order, by="warehouse", ago=22)
    desk.follow("sales_invoice", delivery, order, by="accountant", ago=21)


def brodersen(desk: Desk) -> None:
    """A big order that stays partly delivered; what was delivered is invoiced."""
    order = desk.new(
        "sales_order", "brodersen", desk.line("kas", "40"), desk.line("herbizid", "36"), desk.line("weizensaat", "12"),
        ago=21, keep="brodersen",
    )  # fmt: skip
    delivery = desk.follow(
        "delivery_note", order, by="warehouse", ago=20, picks={1: "19.86", 2: "30", 3: "12"}
    )
    desk.follow("sales_invoice", delivery, by="accountant", ago=19)
