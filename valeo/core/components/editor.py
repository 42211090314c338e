"""The entry grid of a document: a Django formset shown as a table whose cells are inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from valeo.core.components.forms import control_attrs, source_attrs
from valeo.core.components.markup import Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid; ``css`` sets its width and side."""

    name: str
    label: str | Promise
    css: str = ""


COLUMNS = (
    Column("article", _("Article"), "w-art"),
    Column("description", _("Description")),
    Column("quantity", _("Quantity"), "num w-qty"),
    Column("unit", _("Unit"), "w-unit"),
    Column("price", _("Price"), "num w-price"),
    Column("discount_percent", _("Discount %"), "num w-disc"),
    Column("tax_code", _("VAT"), "w-tax"),
    Column("with_goods", _("Goods back"), "w-goods"),
)
CONTROL = ("DELETE", "ORDER")


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of the grid."""

    name: str
    css: str
    control: SafeString
    is_tick: bool = False


@dataclass(frozen=True, slots=True)
class LineRow:
    """All of one line: cells, what folds out below it, errors, figures the server worked out."""

    prefix: str
    number: str
    cells: list[Cell]
    details: list[BoundField]
    hidden: list[BoundField]
    delete: BoundField | None
    order: SafeString | str
    errors: list[str]
    opened: bool
    filled: bool
    calc: dict[str, Any]
    stock: bool = True  # says what is available

    @property
    def span(self) -> int:
        return len(self.cells) + (3 if self.stock else 2)


def _cell(form: BaseForm, column: Column, number: str, article_source: str, *, readonly: bool) -> Cell:
    bound = form[column.name]
    described = [f"{form.prefix}-errors"] if bound.errors else []
    attrs = control_attrs(bound, css="cell", described=described)
    attrs |= {
        "aria-label": gettext("%(column)s, line %(number)s") % {"column": column.label, "number": number}
    }
    attrs |= {"data-column": column.name, "autocomplete": "off"}
    if readonly:
        attrs["readonly"] = True
    if article_source and column.name in {"article", "description"}:
        fill = "number" if column.name == "article" else "label"
        attrs |= source_attrs(article_source, fill=fill, along="partner=partner")
    is_tick = isinstance(bound.field.widget, forms.CheckboxInput)
    return Cell(column.name, column.css, bound.as_widget(attrs=attrs), is_tick)


def line_row(
    form: BaseForm,
    number: str,
    article_source: str,
    calc: dict[str, Any] | None = None,
    *,
    readonly: bool = False,
    stock: bool = True,
) -> LineRow:
    """A line form sorted into grid, details and hidden fields."""
    shown = [column for column in COLUMNS if column.name in form.fields and not form[column.name].is_hidden]
    names = {column.name for column in shown}
    visible = [
        bound for bound in form.visible_fields() if bound.name not in names and bound.name not in CONTROL
    ]
    errors = [str(text) for text in form.non_field_errors()] if form.is_bound else []
    for column in shown:
        errors += [f"{column.label}: {text}" for text in form[column.name].errors]
    return LineRow(
        prefix=str(form.prefix),
        number=number,
        cells=[_cell(form, column, number, article_source, readonly=readonly) for column in shown],
        details=visible,
        hidden=list(form.hidden_fields()),
        delete=form["DELETE"] if "DELETE" in form.fields else None,
        order=form["ORDER"].as_hidden(attrs={"data-line-order": ""}) if "ORDER" in form.fields else "",
        errors=errors,
        opened=any(bound.errors for bound in visible),
        filled=form.is_bound
        or bool(form.initial)
        or bool(getattr(getattr(form, "instance", None), "pk", None)),
        calc=calc or {},
        stock=stock,
    )


def line_grid(
    formset: BaseFormSet[Any],
    *,
    preview: str = "",
    article_source: str = "",
    rows: Sequence[dict[str, Any]] | None = None,
    currency: Text = "EUR",
    readonly: bool = False,
    stock: bool = True,
) -> dict[str, Any]:
    """The grid with its management form, its lines and the empty line the script copies.

    ``stock`` False leaves out what is available, for who delivers nothing.
    """
    found = list(rows or [])
    lines = [
        line_row(
            form,
            str(index + 1),
            article_source,
            found[index] if index < len(found) else None,
            readonly=readonly,
            stock=stock,
        )
        for index, form in enumerate(formset.forms)
    ]
    blank = line_row(formset.empty_form, "__number__", article_source, readonly=readonly, stock=stock)
    shown = [column for column in COLUMNS if any(cell.name == column.name for cell in blank.cells)]
    return {
        "formset": formset,
        "lines": lines,
        "blank": blank,
        "columns": shown,
        "preview": preview,
        "currency": currency,
        "readonly": readonly,
        "stock": stock,
        "source": article_source,
    }


def editor_keys() -> dict[str, Any]:
    """Key strip at the foot: keys are named where they work; what finds no room is left out, so all of them come first."""
    return {
        "keys": [
            (["?"], _("all keys")),
            (["Enter"], _("next cell, a new line at the end")),
            (["Alt", "Down"], _("choose")),
            (["Ctrl", "D"], _("copy line")),
            (["Ctrl", "Del"], _("delete line")),
            (["F8"], _("next error")),
        ]
    }
