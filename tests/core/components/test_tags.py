from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from valeo.core.components.data import BarPart, ChainDocument, ChainStep
from valeo.core.components.facts import bar
from valeo.core.templatetags.valeo import register


def render(source: str, path: str = "/orders/", **values: Any) -> str:
    request = RequestFactory().get(path)
    with translation.override("en"):
        return Template("{% load valeo %}" + source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    "source",
    [
        '{% button "Save" colour="red" %}',
        '{% state_badge "draft" big=True %}',
        '{% notice "info" titel="x" %}{% endnotice %}',
        '{% page_head "x" subtitle="y" %}{% endpage_head %}',
        "{% field bound size=3 %}",
    ],
)
def test_a_wrong_prop_fails_when_the_template_is_compiled(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load valeo %}" + source)


def test_documentation_names_every_tag_and_only_those() -> None:
    text = (Path(settings.BASE_DIR) / "docs/components.md").read_text()
    documented = {name for name in re.findall(r"\{% (\w+)", text) if not name.startswith("end")}
    documented -= {"load", "translate", "x"}
    internal = {"keys_hint", "script_texts"}
    assert documented == set(register.tags) - internal
    for name in register.filters:
        assert f"`{name}" in text, name


def test_a_button_that_is_not_possible_says_why_and_sends_nothing() -> None:
    html = render(
        '{% button "Approve" kind="primary" name="do" value="approve" reason="1,240.00 € over the credit limit" %}'
    )
    assert 'aria-disabled="true"' in html
    assert 'type="button"' in html
    assert "name=" not in html
    described = re.search(r'aria-describedby="([\w-]+)"', html)
    assert described
    assert f'id="{described[1]}">1,240.00 € over the credit limit' in html


def test_a_link_button_with_a_reason_is_no_link() -> None:
    assert "<a" not in render('{% button "Edit" href="/x/" reason="posted" %}')


def test_everything_given_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    sources = [
        "{% button e title=e %}", "{% state_badge 'posted' e %}", "{% badge e %}", "{% crumbs %}{% crumb e e %}{% endcrumbs %}",
        "{% page_head e kind=e meta=e %}{% endpage_head %}", "{% tabs e %}{% tab e e %}{% endtabs %}",
        "{% facts %}{% fact e e sub=e %}{% endfacts %}", "{% figures %}{% figure e e %}{% endfigures %}",
        "{% notice 'info' title=e %}{{ e }}{% endnotice %}", "{% toast e meta=e url=e %}",
        "{% timeline_entry quote=e reason=e meta=e %}{% endtimeline_entry %}", "{% filter_chip e e e %}", "{% pick_cell e e %}",
        "{% reason_dialog 'd' e value=e hint=e %}{{ e }}{% endreason_dialog %}", "{% menu e %}{% menu_item e reason=e %}{% endmenu %}",
        "{% combobox 'c' e e value=e %}", "{% empty_state e %}{% endempty_state %}", "{% job e meta=e %}", "{% avatar e %}",
        "{% num 1 unit=e %}", "{% next_step blocked=e %}{% endnext_step %}", "{% sort_head e e %}", "{% section_head e meta=e %}{% endsection_head %}",
    ]  # fmt: skip
    for source in sources:
        assert evil not in render(source, e=evil), source


def test_state_badges_carry_icon_and_text_not_only_colour() -> None:
    html = render('{% state_badge "posted" %}{% state_badge "posted" "Delivered" compact=True %}')
    assert html.count("#st-posted") == 2
    assert "Posted</span>" in html
    assert '<span class="state" data-state="posted">' in html
    assert "Delivered</span>" in html


def test_sort_heads_turn_round_and_start_at_the_first_page() -> None:
    html = render('{% sort_head "Net" "net" num=True %}', "/orders/?sort=net&after=abc&q=x")
    assert 'class="num" aria-sort="ascending"' in html
    assert 'href="?sort=-net&amp;q=x"' in html
    assert "aria-sort" not in render('{% sort_head "Net" "net" %}', "/orders/?sort=number")
    assert 'aria-sort="descending"' in render('{% sort_head "No" "number" default="-number" %}')


def test_the_filter_bar_sends_the_other_filters_along() -> None:
    html = render(
        '{% filter_bar "Filter" q="x" %}{% endfilter_bar %}',
        "/orders/?state=draft&state=posted&q=x&after=abc",
    )
    assert html.count('type="hidden" name="state"') == 2
    assert 'name="after"' not in html
    assert html.count('name="q"') == 1


def test_query_changes_and_removes() -> None:
    assert render("{% query size=50 sort=None %}", "/orders/?sort=net&a=1") == "?a=1&amp;size=50"


def test_bar_never_runs_over_and_needs_no_style() -> None:
    html = bar([BarPart(Decimal("0.7"), "1", "sent"), BarPart(Decimal("0.6"), "2", "open")])
    widths = [float(width) for width in re.findall(r'class="f\d" x="[\d.]+%" width="([\d.]+)%"', html)]
    assert sum(widths) <= 100
    assert "style" not in html
    assert "sent 70" in html


def test_chain_shows_every_paper_and_what_is_open() -> None:
    step = ChainStep(
        "Deliveries", "84 %", [ChainDocument("DL-1", "/1/", "posted", "posted", share=Decimal("0.62"))],
        open_text="2.724,15 €", open_share=Decimal("0.38"),
    )  # fmt: skip
    html = render("{% chain steps %}", steps=[step, ChainStep("Invoices")])
    assert 'href="/1/"' in html
    assert "2.724,15 €" in html
    assert html.count("chain-step") == 2


def test_zero_is_a_dash_only_when_asked() -> None:
    assert "–" in render('{% num 0 "quantity" dash=True %}')
    assert render('{% num 0 "amount" %}') == "0.00"
    assert render('{% num missing "amount" %}', missing=None) == ""


def test_the_reason_dialog_posts_the_reason_with_the_action() -> None:
    html = render(
        '{% reason_dialog "d" "Cancel?" action="/do/" value="cancel" %}{% endreason_dialog %}',
        csrf_token="tok",
    )
    assert 'name="csrfmiddlewaretoken" value="tok"' in html
    assert 'name="reason" rows="2" required' in html
    assert 'name="action" value="cancel"' in html
    assert 'formmethod="dialog"' in html


def test_keys_are_named_as_on_the_keyboard() -> None:
    assert render('{% kbd "Ctrl" "Enter" %}') == "<kbd>Ctrl</kbd> <kbd>↵</kbd>"


def test_the_line_grid_template_is_found() -> None:
    assert get_template("components/line_grid.html") is not None
