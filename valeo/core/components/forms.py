"""Fields: label above, control full width, error below with what to do."""
# ruff: noqa: A002 - the names are the templates' props, and HTML calls them so

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from valeo.core.components import markup
from valeo.core.components.markup import Text

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def control_attrs(bound: BoundField, *, css: str = "", described: Iterable[str] = ()) -> dict[str, Any]:
    """Attributes every control gets: class, keyboard of a phone, error mark, what describes it."""
    widget, field = bound.field.widget, bound.field
    kind = (
        "select"
        if isinstance(widget, forms.Select)
        else "textarea"
        if isinstance(widget, forms.Textarea)
        else "input"
    )
    if css != "cell" and not isinstance(widget, (forms.CheckboxInput, *GROUPS)):
        css = f"{kind} {css}".strip()
    attrs: dict[str, Any] = (
        {"class": f"{widget.attrs.get('class', '')} {css}".strip()} if css != "cell" else {}
    )
    if isinstance(field, (forms.DecimalField, forms.FloatField)):
        attrs |= {"inputmode": "decimal", "autocomplete": "off"}
    elif isinstance(field, forms.IntegerField) or (
        isinstance(field, forms.DateField) and widget.input_type == "text"
    ):
        attrs |= {"inputmode": "numeric", "autocomplete": "off"}
    ids = " ".join(described)
    if ids:
        attrs["aria-describedby"] = ids
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def source_attrs(
    source: str, *, fill: str = "number", hidden: BoundField | None = None, along: str = ""
) -> dict[str, Any]:
    """What makes a text field a type-ahead; the script adds the roles, so without it it stays a plain field.

    ``along``: further parameters and the fields they are read from (``static/js/combobox.js``).
    """
    attrs = {"data-source": source, "data-fill": fill, "autocomplete": "off", "spellcheck": "false"}
    if hidden is not None:
        attrs["data-hidden"] = hidden.id_for_label
    if along:
        attrs["data-source-with"] = along
    return attrs


def field(
    bound: BoundField | str,
    *,
    width: int = 3,
    label: Text = "",
    hint: Text = "",
    help: Text | None = None,
    source: str = "",
    along: str = "",
    fill: str = "number",
    hidden: BoundField | None = None,
    shown: Text = "",
    placeholder: Text = "",
    autofocus: bool = False,
    readonly: bool = False,
) -> dict[str, Any]:
    """A bound form field with all that belongs to it."""
    if not isinstance(bound, BoundField):
        message = f"{{% field %}} needs a bound form field, not {bound!r}"
        raise TypeError(message)
    name = bound.id_for_label or bound.html_name
    note = bound.help_text if help is None else help
    described = [f"{name}-error"] if bound.errors else []
    described += [f"{name}-help"] if note else []
    described += [f"{name}-shown"] if shown or source else []
    attrs = control_attrs(bound, described=described)
    if source:
        attrs |= source_attrs(source, fill=fill, hidden=hidden, along=along)
    attrs |= {key: True for key, on in (("autofocus", autofocus), ("readonly", readonly)) if on}
    if placeholder:
        attrs["placeholder"] = str(placeholder)
    widget = bound.field.widget
    return {
        "bound": bound,
        "name": name,
        "control": bound.as_widget(attrs=attrs),
        "width": width,
        "label": label or bound.label,
        "hint": hint,
        "help": note,
        "shown": shown,
        "combo": bool(source),
        "hidden": hidden,
        "checkbox": isinstance(widget, forms.CheckboxInput),
        "group": isinstance(widget, GROUPS),
        "optional": not bound.field.required,
    }


def combobox(
    name: str,
    source: str,
    label: Text,
    *,
    value: Any = "",
    fill: str = "number",
    placeholder: Text = "",
    id: str = "",
) -> dict[str, Any]:
    """A type-ahead outside a Django form (filters)."""
    return {
        "name": name,
        "source": source,
        "label": label,
        "value": value,
        "fill": fill,
        "placeholder": placeholder,
        "id": id or f"c-{name}",
    }


def fieldset(
    content: str, legend: Text, *, hint: Text = "", columns: bool = True, open: bool | None = None
) -> SafeString:
    """Fields that belong together; with ``open`` given they fold."""
    return markup.render(
        "fieldset",
        content=content,
        legend=legend,
        hint=hint,
        columns=columns,
        open=open,
        folds=open is not None,
    )


def _form_rows(form: BaseForm, where: str = "") -> list[tuple[str, str]]:
    rows = [("", f"{where}{text}") for text in form.non_field_errors()]
    for bound in form:
        rows += [(bound.id_for_label, f"{where}{bound.label}: {text}") for text in bound.errors]
    return rows


def _violation_row(
    violation: Any, form: BaseForm | None, formset: BaseFormSet[Any] | None
) -> tuple[str, str]:
    """Where a service's reason belongs: a field of the form, or of a line."""
    name, line = getattr(violation, "field", ""), getattr(violation, "line", None)
    if line and formset is not None:
        where = gettext("Line %(number)s: ") % {"number": line}
        text = str(violation.text).removeprefix(where)  # some say their line themselves
        return f"id_{formset.prefix}-{line - 1}-{name or 'article'}", f"{where}{text}"
    if form is not None and name in form.fields:
        return form[name].id_for_label, str(violation.text)
    if "-" in name:  # a field of a further formset, by its whole name
        return f"id_{name}", str(violation.text)
    return "", str(violation.text)


def form_errors(
    form: BaseForm | None = None,
    *,
    title: Text = "",
    formset: BaseFormSet[Any] | None = None,
    violations: Iterable[Any] | None = None,
) -> dict[str, Any]:
    """All that hinders, in one place, each with a link to its field."""
    rows: list[tuple[str, str]] = []
    if form is not None and form.is_bound:
        rows += _form_rows(form)
    if formset is not None and formset.is_bound:
        rows += [("", str(text)) for text in formset.non_form_errors()]
        for index, line in enumerate(formset.forms, start=1):
            if line.is_bound and line.errors:
                rows += _form_rows(line, gettext("Line %(number)s: ") % {"number": index})
    rows += [_violation_row(violation, form, formset) for violation in violations or ()]
    return {"rows": rows, "title": title}
