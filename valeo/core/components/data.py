"""What views hand to the richer components."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BarPart:
    """One stretch of a bar; ``share`` is 0…1, ``kind`` one of 1 2 3 w d o a0…a4, ``label`` what it stands for."""

    share: Decimal | float
    kind: str = "1"
    label: str = ""


@dataclass(frozen=True, slots=True)
class ChainDocument:
    """One paper of a chain step; ``share`` of the step's whole (0…1) or None."""

    number: str
    url: str = ""
    state: str = ""
    state_label: str = ""
    when: dt.date | None = None
    share: Decimal | float | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One kind in the chain; ``open_text`` is what is still open (an amount), ``open_share`` its share."""

    name: str
    note: str = ""
    documents: list[ChainDocument] = field(default_factory=list)
    current: bool = False
    open_text: str = ""
    open_share: Decimal | float | None = None

    @property
    def parts(self) -> list[BarPart]:
        """The bar of the step: one stretch per document with a share; a step without shares is complete."""
        shares = [document.share for document in self.documents if document.share is not None]
        if not shares:
            return [BarPart(1, "1", self.name)] if self.documents else []
        return [
            BarPart(document.share, str(key), document.number)
            for key, document in zip(self.keys, self.documents, strict=True)
            if document.share is not None
        ]

    @property
    def keys(self) -> list[int]:
        """Colour key per document; neighbours differ."""
        return [1 + index % 2 for index in range(len(self.documents))]

    @property
    def rows(self) -> list[tuple[ChainDocument, int]]:
        return list(zip(self.documents, self.keys, strict=True))
