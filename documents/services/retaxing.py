"""Whether the taxes of a draft are still those that would be found: the world may have changed since it was saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from documents.case import Case
from documents.models import Line
from documents.services.compose.taken import taken_taxes
from documents.services.compose.taxing import facts_of, places, situation_of
from masterdata.selectors import reference as references
from masterdata.selectors.drafting import tax_facts
from masterdata.selectors.taxes import TaxQuestion, determine_taxes
from masterdata.taxing import TaxAnswer
from valeo.core.components import formats
from valeo.core.exceptions import Violation


def taxes_still_hold(case: Case) -> Iterator[Violation]:
    """The tax of every line is that of its day of supply, found from what is stored now; else a block with the way out.

    What corrects or cancels a line keeps that line's tax. What was found in this very transaction holds.
    """
    found_for = case.facts.get("taxed_for")
    if not case.type.traits.has_taxes or found_for == case.document.document_date:
        return
    taken = taken_taxes(case)
    lines = [line for line in case.amount_lines if line.tax_code_id and line.pk not in taken]
    ended = {line.pk for line in lines if not _rate_is_in_force(case, line)}
    answers = _found_now(case, [line for line in lines if line.pk not in ended and not line.tax_manual])
    for line in lines:
        if line.pk in ended:
            yield _ended(case, line)
        elif line.pk in answers and not _is_same(line, answers[line.pk]):
            yield _changed(line, answers[line.pk])


def _found_now(case: Case, lines: list[Line]) -> dict[object, TaxAnswer]:
    if not lines:
        return {}
    statuses, classes = tax_facts(case.document.partner_id, {line.article_id for line in lines})
    questions = [
        TaxQuestion(line.pk, classes.get(line.article_id or 0, "standard"), _day(case, line))
        for line in lines
    ]
    situation = situation_of(case.type, case.company, case.document.partner, *places(case))
    return {**determine_taxes(situation, questions, facts_of(case.type, case.reference, statuses))}


def _day(case: Case, line: Line) -> date:
    return line.supply_from or case.document.supply_from or case.document.document_date


def _rate_is_in_force(case: Case, line: Line) -> bool:
    """A code chosen by hand has to have its rate, too."""
    code = references.tax_codes(case.reference).get(line.tax_code_id or 0)
    rates = list(code.rates.all()) if code else []
    if not rates:
        return True
    day = _day(case, line)
    return any(
        row.percent == line.tax_rate
        and (row.valid_from is None or row.valid_from <= day)
        and (row.valid_to is None or row.valid_to >= day)
        for row in rates
    )


def _is_same(line: Line, answer: TaxAnswer) -> bool:
    found = answer.found
    return found is not None and (found.code_id, found.percent) == (line.tax_code_id, line.tax_rate)


def _ended(case: Case, line: Line) -> Violation:
    text = _("%(rate)s %% is not in force on %(day)s. Open the draft and save it: the tax is found anew.")
    facts = {"rate": f"{line.tax_rate.normalize():f}", "day": formats.day(_day(case, line))}
    return Violation("rate-not-in-force", text % facts, "tax_code", line.position)


def _changed(line: Line, answer: TaxAnswer) -> Violation:
    found = answer.found
    if found is None:
        reason = " ".join(str(row.text) for row in answer.violations)
        text = _("%(reason)s Open the draft and save it: the tax is found anew.") % {"reason": reason}
        return Violation("tax-changed", text, "tax_code", line.position)
    text = _(
        "It was taxed by %(before)s, now %(now)s applies. Open the draft and save it: the tax is found anew."
    ) % {
        "before": f"{line.tax_source.get('code', '')} ({formats.percent(line.tax_rate)})",
        "now": f"{found.code} ({formats.percent(found.percent)})",
    }
    return Violation("tax-changed", text, "tax_code", line.position)
