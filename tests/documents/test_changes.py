from __future__ import annotations

import pytest
from django.utils import translation

from documents.selectors.changes import described


@pytest.mark.parametrize(
    ("name", "old", "new", "shown"),
    [
        ("line 2 quantity", "10", "12.5", ("Position 2: Menge", "10", "12,5")),
        ("document_date", None, "2026-11-24", ("Belegdatum", "", "24.11.2026")),
        ("gross_total", "1190", "1190.5", ("Brutto", "1.190,00", "1.190,50")),
        ("line 1 discount_percent", "0", "3", ("Position 1: Rabatt %", "0\u00a0%", "3\u00a0%")),
        ("non_binding", False, True, ("Freibleibend", "nein", "ja")),
        ("price_mode", "net", "gross", ("Preisart", "netto", "brutto")),
        ("allowance 1", None, "0 % 120.00", ("Rabatt oder Zuschlag 1", "", "0 % 120.00")),
        ("partner_id", 7, 9, ("Partner", "", "")),
        ("carrier", "", "DHL", ("Versandart", "", "DHL")),
        ("something_new", "a", "b", ("something_new", "a", "b")),
    ],
)
def test_a_change_is_told_in_words(name: str, old: object, new: object, shown: tuple[str, str, str]) -> None:
    with translation.override("de"):
        assert described(name, old, new) == shown


def test_it_is_told_in_the_users_language() -> None:
    with translation.override("en"):
        assert described("line 2 price", "1234.5", "2") == ("Line 2: Price", "1,234.50", "2.00")
