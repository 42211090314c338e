"""The rate of a document in foreign currency: typed, the table's of its day, or that of what it corrects."""

from __future__ import annotations

from datetime import date
from typing import Final

from documents.case import Case
from documents.kinds import Measure, Relation
from documents.models import Document, Link
from masterdata.selectors.exchange_rates import is_in_table, rate_on

_TAKES_IT_OVER: Final = (Relation.CORRECTS, Relation.CANCELS, Relation.SETTLES)


def is_the_tables(document: Document) -> bool:
    """Whether the rate of a document in foreign currency came from the table, where it still stands."""
    return is_in_table(document.currency, document.exchange_rate, document.rate_date, document.rate_source)


def takes_it_over(link: Link) -> bool:
    """What corrects, cancels or brings back keeps the rate of the other document (§ 17 UStG)."""
    return link.relation in _TAKES_IT_OVER or link.measure == Measure.RETURNED


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
    return True
