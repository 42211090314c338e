"""``{% load valeo %}``: the tags and filters of the interface kit, listed in docs/components.md."""

from __future__ import annotations

from django import template

from valeo.core.components import (
    badges,
    buttons,
    editor,
    facts,
    feedback,
    formats,
    forms,
    heads,
    markup,
    scripts,
    tables,
)

register = template.Library()

for leaf in (
    markup.icon,
    markup.kbd,
    markup.keys_hint,
    badges.state_badge,
    badges.badge,
    badges.avatar,
    buttons.menu_separator,
    heads.crumb,
    heads.tab,
    heads.segment,
    tables.pick_head,
    tables.pick_cell,
    tables.filter_chip,
    tables.num,
    facts.figure,
    facts.fact,
    facts.bar,
    facts.share_bar,
    scripts.script_texts,
):
    register.simple_tag(leaf)
register.simple_tag(tables.query, takes_context=True)
register.simple_tag(tables.sort_head, takes_context=True)

register.inclusion_tag("components/button.html")(buttons.button)
register.inclusion_tag("components/menu_item.html")(buttons.menu_item)
register.inclusion_tag("components/pager.html", takes_context=True)(tables.pager)
register.inclusion_tag("components/chain.html")(facts.chain)
register.inclusion_tag("components/job.html")(facts.job)
register.inclusion_tag("components/toast.html")(feedback.toast)
register.inclusion_tag("components/field.html")(forms.field)
register.inclusion_tag("components/combobox.html")(forms.combobox)
register.inclusion_tag("components/form_errors.html")(forms.form_errors)
register.inclusion_tag("components/line_grid.html")(editor.line_grid)
register.inclusion_tag("components/editor_keys.html")(editor.editor_keys)

for wrapper in (
    buttons.actions,
    buttons.menu,
    heads.crumbs,
    heads.page_head,
    heads.section_head,
    heads.tabs,
    heads.segments,
    tables.data_table,
    tables.bulk_bar,
    facts.figures,
    facts.facts,
    facts.timeline,
    facts.timeline_entry,
    feedback.notice,
    feedback.reasons,
    feedback.reason,
    feedback.next_step,
    feedback.empty_state,
    feedback.dialog,
    forms.fieldset,
):
    register.simple_block_tag(wrapper)
register.simple_block_tag(tables.filter_bar, takes_context=True)
register.simple_block_tag(feedback.reason_dialog, takes_context=True)

for written in (
    formats.money,
    formats.amount,
    formats.price,
    formats.quantity,
    formats.percent,
    formats.share,
    formats.day,
    formats.day_month,
    formats.clock,
    formats.moment,
    formats.initials,
    formats.filesize,
):
    register.filter(written.__name__, written)
