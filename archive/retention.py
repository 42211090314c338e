"""How long an issued paper is kept: years by class, counted from the end of the calendar year (§ 147 (3), (4) AO)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from archive.kinds import Retention
from documents.kinds import Family

#: vouchers and invoices 8 years since 2025 (BEG IV), commercial letters, offers and orders 6
YEARS: Final = {Retention.VOUCHER: 8, Retention.LETTER: 6}
CLASSES: Final = {Family.VOUCHER: Retention.VOUCHER, Family.COMMITMENT: Retention.LETTER}


def retention_of(family: str, issued: dt.date) -> tuple[Retention, dt.date]:
    """Class and last day. A later end (open assessment, legal hold) is recorded elsewhere and wins."""
    kept_as = CLASSES[Family(family)]
    return kept_as, dt.date(issued.year + YEARS[kept_as], 12, 31)
