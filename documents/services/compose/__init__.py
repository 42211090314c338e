"""From what a person said to a whole document in memory: prices and taxes found, parties copied, totals computed.

The editor's live totals, saving, amendments and imports all call ``compose``; nothing is written here.
"""

from documents.services.compose.build import compose

__all__ = ["compose"]
