"""What higher floors add to the master data: figures beside a choice, and what forbids a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

from valeo.core.exceptions import Violation

#: ids of partners → what is left of their credit limit (a partner without a limit is left out)
FreeCredit = Callable[[Sequence[int]], Mapping[int, Decimal]]
#: ids of articles → quantity in stock that is not reserved, in the stock unit
Availability = Callable[[Sequence[int]], Mapping[int, Decimal]]
#: id of an article and the fields that are to change → what speaks against it
ArticleGuard = Callable[[int, AbstractSet[str]], Sequence[Violation]]


@dataclass(slots=True)
class _Registry:
    free_credit: FreeCredit | None = None
    availability: Availability | None = None
    article_guards: list[ArticleGuard] = field(default_factory=list)


_registry = _Registry()


def register_free_credit(source: FreeCredit) -> None:
    _registry.free_credit = source


def register_availability(source: Availability) -> None:
    _registry.availability = source


def register_article_guard(guard: ArticleGuard) -> None:
    """For instance: the stock unit of an article with movements stays what it is."""
    if guard not in _registry.article_guards:
        _registry.article_guards.append(guard)


def free_credit(partner_ids: Sequence[int]) -> Mapping[int, Decimal]:
    return _registry.free_credit(partner_ids) if _registry.free_credit and partner_ids else {}


def availability(article_ids: Sequence[int]) -> Mapping[int, Decimal]:
    return _registry.availability(article_ids) if _registry.availability and article_ids else {}


def article_violations(article_id: int, fields: AbstractSet[str]) -> list[Violation]:
    return [violation for guard in _registry.article_guards for violation in guard(article_id, fields)]
