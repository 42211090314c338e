"""The rows of every document kind (architecture § 4: one table with a kind, children beside it)."""

from documents.models.allowance import AllowanceCharge
from documents.models.document import Document
from documents.models.line import Line, LineLot
from documents.models.link import Link
from documents.models.party import Instalment, Party, TaxGroup
from documents.models.remark import Remark
from documents.models.revision import Revision

__all__ = [
    "AllowanceCharge",
    "Document",
    "Instalment",
    "Line",
    "LineLot",
    "Link",
    "Party",
    "Remark",
    "Revision",
    "TaxGroup",
]
