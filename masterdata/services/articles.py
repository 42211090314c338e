"""Creating and changing articles and their units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from masterdata.checks import article_violations, gtin_violations
from masterdata.hooks import article_violations as objections
from masterdata.models import Article, ArticleUnit, Unit
from masterdata.search import fold, fold_all
from masterdata.selectors.units import units_of
from masterdata.services.writing import (
    WRITE,
    Changes,
    assign,
    clean_text,
    ensure,
    locked,
    placed,
    save_changed,
    save_new,
    tell,
    tell_lists,
)  # fmt: skip
from numbering.services import NumberRequest, allocate_many
from valeo.core.exceptions import Refused, Violation
from valeo.core.validation import check
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

_FIXED: Final = frozenset({"id", "uuid", "company", "version", "search_text", "active"})
FIELDS: Final = tuple(
    field.name for field in Article._meta.concrete_fields if field.editable and field.name not in _FIXED
)
_UNIT_ROLES: Final = ("sales_unit", "price_unit")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """1 ``unit`` is ``factor`` stock units."""

    unit: Unit
    factor: Decimal
    text_de: str = ""
    text_en: str = ""
    gtin: str = ""


@transaction.atomic
def create_article(*, actor: Actor, values: Mapping[str, Any], units: Sequence[UnitRow] = ()) -> Article:
    """A new article; its number comes from the series ``article`` unless it is given.

    Sales and price unit default to the stock unit. Raises ``Refused`` and ``NotPermitted``.
    """
    actor.require(*WRITE)
    article = Article(company_id=actor.company_id)
    changes, violations = assign(
        article, _with_units(article, {**dict.fromkeys(_UNIT_ROLES), **_allowed(values)})
    )
    violations += _unit_rows_violations(article, units)
    exclude = [] if article.number else ["number"]
    ensure(article, [*violations, *article_violations(article)], exclude=exclude)
    if not article.number:
        article.number = _next_number(actor, article)
    _fold(article, [row.gtin for row in units])
    save_new(article)
    if units:
        changes["units"] = [[], _store_units(article, units)]
    _check_units_fit(article)
    journal = Journal(actor)
    tell(journal, "article.create", article, label=article.number, changes=changes)
    tell_lists(journal, "article", article, article.number)
    journal.flush()
    return article


@transaction.atomic
def update_article(
    *,
    actor: Actor,
    uuid: UUID,
    values: Mapping[str, Any],
    units: Sequence[UnitRow] | None = None,
    expected_version: int | None = None,
) -> Article:
    """Change an article; ``units`` None leaves its units alone. Lines keep the factors that they have frozen."""
    actor.require(*WRITE)
    article = locked(Article, uuid, actor, expected_version)
    changes, violations = assign(article, _with_units(article, _allowed(values)))
    if units is not None:
        violations += _unit_rows_violations(article, units)
    violations += [*article_violations(article), *objections(article.pk, changes.keys())]
    ensure(article, violations)
    if units is not None:
        before, after = _unit_values(article), [_values(row) for row in units]
        if sorted(before, key=str) != sorted(after, key=str):
            changes["units"] = [before, _store_units(article, units)]
    _check_units_fit(article)
    _store(actor, article, changes, "article.change")
    return article


@transaction.atomic
def set_article_active(
    *, actor: Actor, uuid: UUID, active: bool, expected_version: int | None = None
) -> Article:
    """An inactive article is offered nowhere; nothing is deleted."""
    actor.require(*WRITE)
    article = locked(Article, uuid, actor, expected_version)
    changes, _violations = assign(article, {"active": active})
    _store(actor, article, changes, "article.activate" if active else "article.deactivate")
    return article


def _next_number(actor: Actor, article: Article) -> str:
    request = NumberRequest(
        company_id=actor.company_id, kind="article", on=timezone.localdate(), document_uuid=article.uuid,
        document_type="article", user_id=actor.user_id,
    )  # fmt: skip
    number = allocate_many([request])[0]
    if Article.objects.filter(number=number).exists():
        text = _(
            "The number series gave %(number)s, which another article has. Let the series go on behind it."
        )
        raise Refused(Violation("number-taken", text % {"number": number}, "number"))
    return number


def _store(actor: Actor, article: Article, changes: Changes, action: str) -> None:
    if not changes:
        return
    _fold(article, article.units.values_list("gtin", flat=True))
    save_changed(article)
    journal = Journal(actor)
    tell(journal, action, article, label=article.number, changes=changes)
    tell_lists(journal, "article", article, article.number)
    journal.flush()


def _fold(article: Article, gtins: Iterable[str]) -> None:
    article.sort_name = fold(article.name_de)[:250]
    article.search_text = fold_all((article.number, article.name_de, article.name_en, article.gtin, *gtins))


def _with_units(article: Article, values: dict[str, Any]) -> dict[str, Any]:
    """An emptied sales or price unit means the stock unit."""
    stock_unit = values.get("stock_unit") or getattr(article, "stock_unit", None)
    return {
        name: stock_unit if name in _UNIT_ROLES and value is None else value for name, value in values.items()
    }


def _allowed(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Refused(
            Violation("field-unknown", _("There is no such field."), name) for name in sorted(unknown)
        )
    return dict(values)


def _unit_rows_violations(article: Article, rows: Sequence[UnitRow]) -> Iterator[Violation]:
    seen: set[int] = set()
    for position, row in enumerate(rows, start=1):
        if row.unit.company_id != article.company_id:
            yield Violation("not-found", _("This choice does not exist."), "unit", position)
        if row.unit.pk == article.stock_unit_id:
            yield Violation("unit-is-stock-unit", _("The stock unit needs no factor."), "unit", position)
        if row.unit.pk in seen:
            yield Violation("taken", _("The article has this unit already."), "unit", position)
        seen.add(row.unit.pk)
        for text in (row.text_de, row.text_en):
            yield from clean_text(text, "units")[1]
        for violation in gtin_violations(row.gtin):
            yield Violation(violation.code, violation.text, "gtin", position)


def _values(row: UnitRow) -> dict[str, Any]:
    factor = f"{row.factor.normalize():f}"
    return {"unit": row.unit.code, "factor": factor, "de": row.text_de, "en": row.text_en, "gtin": row.gtin}


def _unit_values(article: Article) -> list[dict[str, Any]]:
    rows = article.units.select_related("unit").order_by("id")
    return [_values(UnitRow(row.unit, row.factor, row.text_de, row.text_en, row.gtin)) for row in rows]


def _store_units(article: Article, units: Sequence[UnitRow]) -> list[dict[str, Any]]:
    """Replace the article's units; raises ``Refused`` with the row that is wrong."""
    ArticleUnit.everywhere.filter(article=article).delete()
    for position, row in enumerate(units, start=1):
        stored = ArticleUnit(
            company_id=article.company_id, article=article, unit=row.unit, factor=row.factor, text_de=row.text_de,
            text_en=row.text_en, gtin=row.gtin,
        )  # fmt: skip
        try:
            check(stored)
        except Refused as refused:
            found = [placed(violation) for violation in refused.violations]
            raise Refused(Violation(one.code, one.text, one.field, position) for one in found) from refused
        stored.save()
    return [_values(row) for row in units]


def _check_units_fit(article: Article) -> None:
    """Sales and price unit must be countable in the stock unit."""
    known = units_of([article])[article.pk]
    violations = []
    for role in _UNIT_ROLES:
        try:
            known.factor(getattr(article, f"{role}_id"))
        except Refused as refused:
            violations += [Violation(one.code, one.text, role) for one in refused.violations]
    if violations:
        raise Refused(violations)
