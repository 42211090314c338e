"""The five kinds of sales, one file per noun; ``register`` is called once by the app's ``ready()``."""

from __future__ import annotations

from documents import registry
from sales.document_types.credit_note import CREDIT_NOTE
from sales.document_types.delivery_note import DELIVERY_NOTE
from sales.document_types.quotation import QUOTATION
from sales.document_types.sales_invoice import SALES_INVOICE
from sales.document_types.sales_order import SALES_ORDER

ALL = (QUOTATION, SALES_ORDER, DELIVERY_NOTE, SALES_INVOICE, CREDIT_NOTE)


def register() -> None:
    for document_type in ALL:
        registry.register(document_type)
