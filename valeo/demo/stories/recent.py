"""The last days: what is open now."""

from __future__ import annotations

from valeo.demo.desk import Desk, discount, freight


def tell(desk: Desk) -> None:
    """In the order of the days."""
    quotations(desk)
    open_orders(desk)
    approved_by_people(desk)
    delivered(desk)


def quotations(desk: Desk) -> None:
    """Quotations that wait for the customer."""
    desk.new(
        "quotation", "clausen", desk.line("streuen", "120"), desk.line("kalk", "180"), desk.line("transport", "220"),
        ago=9, valid_until=desk.days.ahead(21), header_text="Angebot für die Kalkung im Frühjahr.",
    )  # fmt: skip
    desk.new(
        "quotation", "vollertsen", desk.line("npk", "20"), desk.line("kasbb", "30"), by="clerk2", ago=9,
        valid_until=desk.days.ahead(14), non_binding=True, allowances=(discount("3"),),
    )  # fmt: skip
    desk.new(
        "quotation", "eider", desk.line("soja", "25"), desk.line("rapsschrot", "25"), ago=8,
        valid_until=desk.days.ahead(7), allowances=(freight("180.00"),), partner_reference="Anfrage KW 47",
    )  # fmt: skip


def open_orders(desk: Desk) -> None:
    """Orders that the warehouse will deliver: all of it, or the rest."""
    desk.new("sales_order", "eider", desk.line("gerste", "50"), desk.line("mais", "25"), ago=8, keep="eider")
    desk.new(
        "sales_order", "ketels", desk.line("milchsack", "80"), desk.line("mineral", "10"), by="clerk2", ago=7
    )
    desk.new(
        "sales_order", "danmark", desk.line("weizen", "75"), ago=7, partner_reference="PO 8904",
        remark="Kunde holt selbst, Termin mit dem Hafen abstimmen.",
    )  # fmt: skip
    desk.new("sales_order", "vollertsen", desk.line("weizensaat", "8"), desk.line("fungizid", "12"), ago=7)
    part = desk.new(
        "sales_order", "nissen", desk.line("soja", "24"), desk.line("mais", "18"), ago=6, keep="partly",
        partner_reference="Futter Dezember",
    )  # fmt: skip
    desk.follow("delivery_note", part, by="warehouse", ago=6, picks={1: "12.2"}, keep="feed")
    desk.new("sales_order", "jansen", desk.line("milch", "9"), desk.line("garn", "6"), ago=6)
    desk.new("sales_order", "huehner", desk.line("legemehl", "80"), by="clerk2", ago=5, keep="hens order")


def approved_by_people(desk: Desk) -> None:
    """A sample that a manager approved, and a discount that he did not."""
    sample = desk.new(
        "sales_order", "paulsen", desk.line("zwischen", "10"), desk.line("weide", "1", price="0", free_reason="sample"),
        ago=5, header_text="Wie besprochen legen wir einen Sack Weidemischung als Muster bei.",
    )  # fmt: skip
    desk.act(sample, "approve", "manager", "Muster für den Feldtag, in Ordnung.")
    desk.follow("delivery_note", sample, by="warehouse", ago=4)
    dear = desk.new(
        "sales_order", "ingwersen", desk.line("muesli", "40", discount_percent="25"), by="clerk2",
        partner_reference="Telefonat",
    )  # fmt: skip
    desk.act(dear, "reject", "manager2", "25 % nur mit Rücksprache; bitte mit 10 % neu anbieten.")


def delivered(desk: Desk) -> None:
    """Delivered and not yet invoiced; over the counter and invoiced at once."""
    desk.new(
        "delivery_note",
        "thamsen",
        desk.line("leckstein", "10"),
        desk.line("mineral", "4"),
        by="clerk2",
        ago=4,
    )
    counter = desk.new(
        "delivery_note", "sievers", desk.line("muesli", "2"), desk.line("handschuhe", "5"), by="clerk2", ago=3
    )
    desk.follow("sales_invoice", counter, by="accountant", ago=3)
    order = desk.new("sales_order", "clausen", desk.line("harnstoff", "24"), desk.line("kali", "10"), ago=3)
    desk.follow("delivery_note", order, by="warehouse", ago=2, keep="fertiliser")
    petersen = desk.new("sales_order", "petersen", desk.line("kassack", "40"), ago=2, keep="petersen")
    desk.follow("delivery_note", petersen, by="warehouse", ago=1, keep="petersen delivery")
