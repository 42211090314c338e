"""The rate of a document in foreign currency: typed, the table's of its day, or that of what it corrects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Measure, Relation
from documents.models import Document, Link
from masterdata.selectors.exchange_rates import is_in_table, rate_on
from valeo.core.components import formats
from valeo.core.exceptions import Refused, Violation

_TAKES_IT_OVER: Final = (Relation.CORRECTS, Relation.CANCELS, Relation.SETTLES)


def is_the_tables(document: Document) -> bool:
    """Whether the rate of a document in foreign currency came from the table, whatever the table says by now.

    A document from before this was kept has the table's rate where the table says exactly that.
    """
    if document.rate_typed is not None:
        return not document.rate_typed
    return matches_the_table(document)


def matches_the_table(document: Document) -> bool:
    """Whether the table says exactly what the document does: rate, day and source."""
    return is_in_table(document.currency, document.exchange_rate, document.rate_date, document.rate_source)


def takes_it_over(link: Link) -> bool:
    """What corrects, cancels or brings back keeps the rate of the other document (§ 17 UStG)."""
    return link.relation in _TAKES_IT_OVER or link.measure == Measure.RETURNED


def typed_among(documents: Iterable[Document], *, home: str) -> list[Document]:
    """Those in a foreign currency whose rate a person typed. Raises ``Refused`` where they typed different ones."""
    typed = [document for document in documents if document.currency != home and not is_the_tables(document)]
    other = next((each for each in typed if each.exchange_rate != typed[0].exchange_rate), None)
    if other is None:
        return typed
    text = _(
        "The exchange rate was typed on %(one)s as %(rate)s and on %(other)s as %(other_rate)s. Make a document of each."
    )
    names = {
        "one": str(typed[0]),
        "rate": formats.price(typed[0].exchange_rate),
        "other": str(other),
        "other_rate": formats.price(other.exchange_rate),
    }
    raise Refused(Violation("rates-differ", text % names))


def rerate(case: Case, day: date) -> bool:
    """Give the document the table's rate of the day, in memory; says whether it differs.

    A typed rate stays, and so does that of what corrects another document.
    """
    document = case.document
    if document.currency == case.company.currency or any(takes_it_over(link) for link in case.links_in):
        return False
    if not is_the_tables(document):
        return False
    row = rate_on(document.currency, day)
    if row is None or (row.rate, row.valid_from) == (document.exchange_rate, document.rate_date):
        return False
    document.exchange_rate, document.rate_date, document.rate_source = row.rate, row.valid_from, row.source
    document.rate_typed = False
    return True
