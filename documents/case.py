"""A document with all its rows in memory: what guards, effects, papers and screens work on.

Loaded once (or just built), passed around, saved by the service that owns the transaction.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from documents.kinds import Relation
from documents.models import AllowanceCharge, Document, Instalment, Line, LineLot, Link, Party, TaxGroup
from valeo.tenancy.reference import Reference, reference

if TYPE_CHECKING:
    from documents.spec import DocumentType
    from valeo.events.journal import Journal
    from valeo.tenancy.actor import Actor
    from valeo.tenancy.models import Company


@dataclass(slots=True)
class Case:
    """``sources`` are the locked documents up the chain, with their lines in ``source_lines`` by id."""

    company: Company
    document: Document
    type: DocumentType
    lines: list[Line]
    allowances: list[AllowanceCharge] = field(default_factory=list)
    tax_groups: list[TaxGroup] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    instalments: list[Instalment] = field(default_factory=list)
    lots: dict[int, list[LineLot]] = field(default_factory=dict)  # by line id
    links_in: list[Link] = field(default_factory=list)  # links whose target is this document
    sources: dict[int, Document] = field(default_factory=dict)
    source_lines: dict[int, Line] = field(default_factory=dict)
    actor: Actor | None = None
    journal: Journal | None = None
    today: date | None = None
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # what a guard found and an effect reuses

    @property
    def reference(self) -> Reference:
        """The company's reference data as of the moment at which the use case first asked for it."""
        found: Reference | None = self.facts.get("reference")
        if found is None:
            found = self.facts["reference"] = reference()
        return found

    @property
    def cancels(self) -> bool:
        """Whether it cancels another document: a storno, its counterpart for a credit note, a reversal."""
        return any(link.relation == Relation.CANCELS for link in self.links_in)

    @property
    def reverses(self) -> bool:
        """Whether it is the reversal of a movement of goods, which promises nothing and stands as long as it does."""
        return self.type.traits.moves_stock != 0 and self.cancels

    @property
    def destination(self) -> tuple[str, ...]:
        """Where the goods go, as printed."""
        party = self.parties.get("ship_to")
        return (party.name, party.name_2, party.street_2, party.place, party.country) if party else ()

    def apart(self) -> Case:
        """A copy whose document, lines and parties can change while this one stays; no facts go with it."""
        return replace(
            self,
            document=copy(self.document),
            lines=[copy(line) for line in self.lines],
            parties={role: copy(party) for role, party in self.parties.items()},
            facts={},
        )

    @property
    def amount_lines(self) -> list[Line]:
        return [line for line in self.lines if line.line_kind not in ("text", "heading", "subtotal")]

    def links_of(self, line: Line) -> list[Link]:
        """The direct links into a line, without those that only pass through."""
        return [link for link in self.links_in if link.target_line_id == line.pk and link.via_id is None]
