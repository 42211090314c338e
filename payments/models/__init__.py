"""Open items of customers and suppliers, and what settled them."""

from payments.models.item import OpenItem
from payments.models.settlement import Settlement

__all__ = ["OpenItem", "Settlement"]
