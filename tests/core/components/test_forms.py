from __future__ import annotations

import re
from typing import Any

from django import forms
from django.template import Context, Template
from django.utils import translation

from valeo.core.exceptions import Violation


class Head(forms.Form):
    partner = forms.CharField(help_text="Number or name")
    partner_id = forms.CharField(widget=forms.HiddenInput, required=False)
    amount = forms.DecimalField(localize=True, required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    active = forms.BooleanField(required=False)


class Line(forms.Form):
    article = forms.CharField(required=False)
    quantity = forms.DecimalField(required=False, min_value=1, localize=True)
    warehouse = forms.CharField(required=False)


LineSet = forms.formset_factory(Line, extra=1, can_delete=True, can_order=True)


def render(source: str, **values: Any) -> str:
    with translation.override("en"):
        return Template("{% load valeo %}" + source).render(Context(values))


def test_a_field_joins_label_error_and_help() -> None:
    form = Head({"partner": ""})
    html = render("{% field form.partner width=6 %}", form=form)
    assert 'class="field c6"' in html
    assert '<label for="id_partner">' in html
    control = re.search(r"<input[^>]*name=\"partner\"[^>]*>", html)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_partner-error id_partner-help"' in control[0]
    assert 'id="id_partner-error"' in html
    assert 'id="id_partner-help"' in html


def test_numbers_open_the_number_keys_of_a_phone() -> None:
    assert 'inputmode="decimal"' in render("{% field form.amount %}", form=Head())


def test_a_group_is_a_fieldset_and_a_tick_stands_before_its_label() -> None:
    assert "<fieldset" in render("{% field form.kind %}", form=Head())
    assert re.search(r"<label for=\"id_active\"><input", render("{% field form.active %}", form=Head()))


def test_a_type_ahead_stays_a_plain_field_without_a_script() -> None:
    html = render('{% field form.partner source="/find/" hidden=form.partner_id %}', form=Head())
    assert 'data-source="/find/"' in html
    assert 'data-hidden="id_partner_id"' in html
    assert html.count('name="partner_id"') == 1
    assert "role=" not in html


def _lines() -> Any:
    data = {
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-article": "10",
        "lines-0-quantity": "0",
    }
    formset = LineSet(data, prefix="lines")
    assert not formset.is_valid()
    return formset


def test_the_grid_shows_cells_details_and_errors_of_every_line() -> None:
    html = render(
        '{% line_grid formset article_source="/find/" rows=rows %}', formset=_lines(), rows=[{"net": "5,00"}]
    )
    assert 'name="lines-TOTAL_FORMS"' in html
    assert html.count('<tbody class="line"') == 3  # two lines and the one the script copies
    assert "__prefix__" in html
    assert 'aria-label="Quantity, line 1"' in html
    assert re.search(r'name="lines-0-quantity"[^>]*aria-invalid="true"', html)
    assert "Quantity: Ensure this value is greater than or equal to 1." in html
    assert 'data-calc="net">5,00' in html
    assert "lines-0-warehouse" in html  # folds out below the line
    assert html.count('name="lines-0-DELETE"') == 1
    assert re.search(r'type="hidden" name="lines-0-ORDER"[^>]*data-line-order', html)
    assert "Price" not in html  # the form has no price: no column


def test_all_that_hinders_stands_in_one_place_with_links() -> None:
    head, lines = Head({"partner": ""}), _lines()
    violations = [
        Violation("stock", "7.5 t are missing", "quantity", 2),
        Violation("period", "October is closed", "partner"),
        Violation("other", "Nobody may"),
    ]
    html = render(
        "{% form_errors form formset=formset violations=violations %}",
        form=head,
        formset=lines,
        violations=violations,
    )
    for anchor in ("#id_partner", "#id_lines-0-quantity", "#id_lines-1-quantity"):
        assert f'href="{anchor}"' in html
    assert "<li>Nobody may</li>" in html
    assert 'role="alert"' in html


def test_no_errors_no_box() -> None:
    assert render("{% form_errors form %}", form=Head()).strip() == ""
