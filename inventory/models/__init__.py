"""The stock ledger: movements, balances, reservations, lots."""

from inventory.models.balance import StockBalance
from inventory.models.lot import Lot
from inventory.models.movement import StockMovement
from inventory.models.reservation import Reservation

__all__ = ["Lot", "Reservation", "StockBalance", "StockMovement"]
