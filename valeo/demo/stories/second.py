"""The second company: a few documents, enough to see that its books are its own."""

from __future__ import annotations

from valeo.demo.desk import Desk


def tell(desk: Desk) -> None:
    """In the order of the days."""
    desk.new("quotation", "vollertsen", desk.line("maissaat", "40"), ago=9, valid_until=desk.days.ahead(20))
    order = desk.new(
        "sales_order", "marschland", desk.line("weizensaat", "8"), desk.line("weide", "20"), ago=8
    )
    delivery = desk.follow("delivery_note", order, ago=6)
    desk.follow("sales_invoice", delivery, by="accountant", ago=5)
    desk.new("sales_order", "eider", desk.line("gerstensaat", "60"), desk.line("probe", "3"), ago=4)
    desk.new("sales_order", "ketels", desk.line("rapssaat", "12", discount_percent="20"))
