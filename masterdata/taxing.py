"""Tax is determined, not typed (contract § 3): rule → code → rate of the supply date. Pure; the selector reads."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _
from stdnum.eu import vat as eu_vat

from masterdata.countries import place_of, vat_prefix
from masterdata.kinds import Place, TaxClass, TaxStatus, VatIdNeed
from valeo.core.components import formats
from valeo.core.exceptions import Violation
from valeo.tenancy.kinds import VatScheme

#: businesses and bodies that have no VAT ID of another EU country, where they have their seat there
_TAXED_HERE: Final = (
    TaxStatus.REGULAR, TaxStatus.SMALL_BUSINESS, TaxStatus.FLAT_RATE_FARMER, TaxStatus.PUBLIC_BODY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaxQuestion:
    """A line that needs a tax code: its article's class and its supply date."""

    key: Hashable
    tax_class: str
    on: date
    line: int | None = None


@dataclass(frozen=True)
class TaxSituation:
    """What all lines of a document share. Countries are ISO codes; ``home`` is our company's.

    ``vat_id_valid``: True confirmed, None not asked, False refused by the authority. ``country``: where the partner
    is; where it is given, his status has to fit it.
    """

    side: str
    partner_id: int
    home: str
    ship_from: str
    ship_to: str
    vat_id: str = ""
    vat_id_valid: bool | None = None
    country: str = ""

    @cached_property
    def places(self) -> tuple[Place, Place]:
        return place_of(self.ship_from, self.home), place_of(self.ship_to, self.home)

    @cached_property
    def has_valid_vat_id(self) -> bool:
        """Well-formed and not refused; across the border one of another country than ours (§ 6a (1) No 4 UStG)."""
        if not self.vat_id or self.vat_id_valid is False or not eu_vat.is_valid(self.vat_id):
            return False
        return not (Place.EU in self.places and self._has_vat_id_from_home)

    @property
    def _has_vat_id_from_home(self) -> bool:
        return self.vat_id.upper().startswith(vat_prefix(self.home))

    def contradicts(self, status: str) -> bool:
        """Whether country and VAT ID say that the partner is something else: they were corrected, the status not."""
        if not self.country:
            return False
        if status == TaxStatus.THIRD_COUNTRY:
            return place_of(self.country, self.home) != Place.THIRD
        if status == TaxStatus.EU_BUSINESS:
            return self.country == self.home and self._has_vat_id_from_home
        foreign = eu_vat.is_valid(self.vat_id) and not self._has_vat_id_from_home
        return status in _TAXED_HERE and foreign and self.country != self.home


@dataclass(frozen=True, slots=True)
class FoundTax:
    """The code that applies, frozen on the line, and why."""

    code_id: int
    code: str
    category: str
    percent: Decimal
    exemption_code: str
    exemption_text_de: str
    exemption_text_en: str
    rule_id: int
    tax_class: str
    vat_scheme: str
    tax_status: str
    ship_from: str
    ship_to: str
    rate_from: date | None = None
    rate_to: date | None = None

    def reason(self) -> str:
        """Why this tax, in the active language."""
        pieces = [
            str(TaxClass(self.tax_class).label),
            _("we: %(scheme)s") % {"scheme": VatScheme(self.vat_scheme).label},
            _("partner: %(status)s") % {"status": TaxStatus(self.tax_status).label},
            _("from %(origin)s to %(destination)s") % {"origin": self.ship_from, "destination": self.ship_to},
            _("tax code %(code)s, %(percent)s")
            % {"code": self.code, "percent": formats.percent(self.percent)},
        ]
        if self.rate_from:
            pieces.append(_("rate in force since %(day)s") % {"day": formats.day(self.rate_from)})
        return " · ".join(pieces)


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """Either a tax or the blocks that say what is missing."""

    found: FoundTax | None
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """A value with its validity, both days inclusive."""

    value: str
    first: date | None
    last: date | None

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or self.last >= day)


@dataclass(frozen=True, slots=True)
class Rule:
    """A tax rule with its code and the code's rates."""

    id: int
    priority: int
    tax_class: str
    vat_scheme: str
    tax_status: str
    ship_from: str
    ship_to: str
    vat_id: str
    validity: Dated
    code_id: int
    code: str
    category: str
    exemption_code: str
    exemption_text_de: str
    exemption_text_en: str
    rates: tuple[Dated, ...]

    @property
    def weight(self) -> tuple[int, int]:
        """The priority; among equals the rule that asks more."""
        anything = ("", Place.ANY, VatIdNeed.ANY)
        conditions = (
            self.tax_class,
            self.vat_scheme,
            self.tax_status,
            self.ship_from,
            self.ship_to,
            self.vat_id,
        )
        return self.priority, sum(condition not in anything for condition in conditions)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read for all lines at once."""

    statuses: Sequence[Dated] = field(default_factory=list)
    schemes: Sequence[Dated] = field(default_factory=list)
    rules: Sequence[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Case:
    """One question together with what holds on its day."""

    situation: TaxSituation
    question: TaxQuestion
    status: str
    scheme: str

    def fits(self, rule: Rule) -> bool:
        """All conditions but the VAT ID."""
        origin, destination = self.situation.places
        return (
            rule.validity.covers(self.question.on)
            and rule.tax_class in ("", self.question.tax_class)
            and rule.vat_scheme in ("", self.scheme)
            and rule.tax_status in ("", self.status)
            and rule.ship_from in (Place.ANY, origin)
            and rule.ship_to in (Place.ANY, destination)
        )

    def matches(self, rule: Rule) -> bool:
        wanted = VatIdNeed.VALID if self.situation.has_valid_vat_id else VatIdNeed.NONE
        return rule.vat_id in (VatIdNeed.ANY, wanted) and self.fits(rule)


def decide_all(
    situation: TaxSituation, questions: Sequence[TaxQuestion], facts: Facts
) -> Iterator[tuple[Hashable, TaxAnswer]]:
    """One answer per question; equal questions are decided once."""
    known: dict[tuple[str, date], TaxAnswer] = {}
    for question in questions:
        same = (question.tax_class, question.on)
        if same not in known:
            known[same] = decide(situation, question, facts)
        answer = known[same]
        if answer.violations:
            answer = TaxAnswer(None, tuple(replace(one, line=question.line) for one in answer.violations))
        yield question.key, answer


def decide(situation: TaxSituation, question: TaxQuestion, facts: Facts) -> TaxAnswer:
    """The tax of one line, or a block: status, rule, an unambiguous rule, or a rate of that day is missing."""
    day = {"day": formats.day(question.on)}
    status = next((row.value for row in facts.statuses if row.covers(question.on)), None)
    if status is None:
        return _block(question, "tax-status-missing", _("The partner has no tax status on %(day)s.") % day)
    if situation.contradicts(status):
        return _block(question, "tax-status-contradicts", _contradiction(situation, status))
    scheme = next((row.value for row in facts.schemes if row.covers(question.on)), VatScheme.REGULAR)
    case = _Case(situation, question, status, scheme)
    matching = sorted(
        (rule for rule in facts.rules if case.matches(rule)), key=lambda rule: rule.weight, reverse=True
    )
    if not matching:
        return _block(question, "tax-rule-missing", _what_is_missing(case, facts))
    rule = matching[0]
    if any(other.weight == rule.weight and other.code_id != rule.code_id for other in matching[1:]):
        text = _("Two tax rules of priority %(priority)s apply; one of them must go first.")
        return _block(question, "tax-rule-ambiguous", text % {"priority": rule.priority})
    rate = next((row for row in rule.rates if row.covers(question.on)), None)
    if rate is None:
        text = _("Tax code %(code)s has no rate that is in force on %(day)s.")
        return _block(question, "tax-rate-missing", text % {"code": rule.code, **day})
    return TaxAnswer(_found(case, rule, rate))


def _found(case: _Case, rule: Rule, rate: Dated) -> FoundTax:
    return FoundTax(
        code_id=rule.code_id, code=rule.code, category=rule.category, percent=Decimal(rate.value),
        exemption_code=rule.exemption_code, exemption_text_de=rule.exemption_text_de,
        exemption_text_en=rule.exemption_text_en, rule_id=rule.id, tax_class=case.question.tax_class,
        vat_scheme=case.scheme, tax_status=case.status, ship_from=case.situation.ship_from,
        ship_to=case.situation.ship_to, rate_from=rate.first, rate_to=rate.last,
    )  # fmt: skip


def _contradiction(situation: TaxSituation, status: str) -> str:
    return _(
        "The partner's tax status “%(status)s” does not fit country %(country)s and VAT ID %(vat_id)s. Correct the "
        "partner, then save again."
    ) % {
        "status": TaxStatus(status).label,
        "country": situation.country,
        "vat_id": situation.vat_id or "–",
    }


def _block(question: TaxQuestion, code: str, text: str) -> TaxAnswer:
    return TaxAnswer(None, (Violation(code, text, "tax_code", question.line),))


def _what_is_missing(case: _Case, facts: Facts) -> str:
    """A rule that would fit but for the VAT ID is the likeliest reason; else the whole situation is named."""
    if any(rule.vat_id == VatIdNeed.VALID and case.fits(rule) for rule in facts.rules):
        return _("The partner's VAT ID is missing or not valid; without it no tax rule applies.")
    return _(
        "No tax rule for: %(tax_class)s, we: %(scheme)s, partner: %(status)s, from %(origin)s to %(destination)s, %(day)s."
    ) % {
        "tax_class": TaxClass(case.question.tax_class).label,
        "scheme": VatScheme(case.scheme).label,
        "status": TaxStatus(case.status).label,
        "origin": case.situation.ship_from or "–",
        "destination": case.situation.ship_to or "–",
        "day": formats.day(case.question.on),
    }
