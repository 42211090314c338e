"""What to try first: the story of the product with the demo's own customers and articles."""

from __future__ import annotations

from typing import Final

from masterdata.models import Article, Partner
from valeo.demo.data.articles import ARTICLES
from valeo.demo.data.partners import PARTNERS

HINTS: Final = """\
Try this (docs/tour.md tells it at length):
  1. clerk: new quotation for {petersen}: 20 t of {wheat} (price from 20 t on),
     40 sacks of {lime} (by the sack, priced by the tonne), 3 % discount, 120.00 freight.
     Submit it, turn it into an order, submit that: confirmed at once.
  2. clerk: new order for {thamsen}: 30 t of {wheat}. It is over the credit limit and waits.
     manager: approve it in the inbox. Amend the first order from 20 to 25 t.
  3. warehouse: deliver 26 t and 20 sacks, then 18 sacks; clerk: close the last two with a reason.
  4. accountant: one invoice of both deliveries and of {delivery}; post it, then correct a price.
     manager: approve the correction once; scan the QR code of the first invoice.
"""


def hints() -> str:
    """The text with the numbers of the company in scope, which is a demo company."""
    wheat, lime = (Article.objects.get(name_de=_article(key)) for key in ("weizen", "kalksack"))
    petersen, thamsen = (Partner.objects.get(name=_partner(key)) for key in ("petersen", "thamsen"))
    delivery = petersen.documents.filter(fulfilment="", invoicing="open").order_by("pk").last()
    return HINTS.format(
        petersen=petersen, thamsen=thamsen, wheat=wheat, lime=lime, delivery=delivery or "another one"
    )


def _article(key: str) -> str:
    return next(row.name_de for row in ARTICLES if row.key == key)


def _partner(key: str) -> str:
    return next(row.name for row in PARTNERS if row.key == key)
