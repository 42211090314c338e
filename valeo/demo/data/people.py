"""Who works at the demo company; every person is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Person:
    """``second`` are the roles in the second company."""

    username: str
    full_name: str
    role: str
    title: str
    second: tuple[str, ...] = ()


PEOPLE: Final = (
    Person("clerk", "Anke Thomsen", "operator", "clerk, sales", ("operator",)),
    Person("clerk2", "Malte Jensen", "operator", "second clerk"),
    Person("warehouse", "Ole Carstensen", "warehouse", "warehouse"),
    Person("manager", "Jens Brodersen", "manager", "manager, decides exceptions", ("manager",)),
    Person("manager2", "Silke Andresen", "manager", "second manager"),
    Person("accountant", "Tim Hansen", "accountant", "accountant", ("accountant",)),
    Person("auditor", "Frauke Lorenzen", "auditor", "auditor, reads only"),
    Person("admin", "Tomke Friedrichs", "administrator", "administrator", ("administrator",)),
)
#: parts of the password that is made up for each installation
WORDS: Final = (
    "Ackerwinde", "Bernstein", "Deichkrone", "Eisvogel", "Fliederbusch", "Gerstenfeld", "Hallig", "Inselbahn",
    "Kiebitz", "Kornblume", "Leuchtturm", "Marschweg", "Nebelhorn", "Obsthof", "Priel", "Queller", "Rapsfeld",
    "Salzwiese", "Scholle", "Seestern", "Strandhafer", "Torfkahn", "Uferschwalbe", "Wattwurm", "Weidezaun",
    "Windrad", "Wollgras", "Ziegelei", "Zugvogel", "Zwergmaus", "Austernfischer", "Sturmflut",
)  # fmt: skip
