"""Which tax, for whom, where, when: the default rules on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from masterdata.kinds import Side, TaxClass, TaxStatus
from masterdata.models import Partner, PartnerTaxStatus, TaxCode, TaxRate, TaxRule
from masterdata.selectors.taxes import TaxAnswer, TaxQuestion, TaxSituation, determine_taxes, rates_on
from tests.factories.masterdata import make_partner, set_status
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import VatScheme
from valeo.tenancy.models import CompanyVatScheme

TODAY = date(2026, 11, 24)
DUTCH, FRENCH, AUSTRIAN, GERMAN = "NL004495445B01", "FR40303265045", "ATU37675002", "DE136695976"
Ask = Callable[..., TaxAnswer]


@pytest.fixture
def partner(boss: Actor) -> Partner:
    return make_partner(boss)


@pytest.fixture
def ask(partner: Partner) -> Ask:
    """Ask for one line of the partner, whose status is set first where one is given."""

    def one(
        side: str = Side.SALES, tax_class: str = TaxClass.STANDARD, on: date = TODAY, **facts: Any
    ) -> TaxAnswer:
        status = facts.pop("status", None)
        if status:
            set_status(partner, status)
        situation: dict[str, Any] = {"home": "DE", "ship_from": "DE", "ship_to": "DE", **facts}
        answers = determine_taxes(
            TaxSituation(side=side, partner_id=partner.pk, **situation),
            [TaxQuestion("it", tax_class, on, line=3)],
        )
        return answers["it"]

    return one


def code(answer: TaxAnswer) -> str:
    assert answer.found is not None, answer.violations
    return answer.found.code


def refused(answer: TaxAnswer) -> str:
    assert answer.found is None
    (violation,) = answer.violations
    assert violation.line == 3
    return violation.code


@pytest.mark.parametrize(
    ("tax_class", "expected", "percent"),
    [
        (TaxClass.STANDARD, "U19", 19), (TaxClass.REDUCED, "U7", 7), (TaxClass.FARM_PRODUCE, "U7", 7),
        (TaxClass.ZERO, "U0", 0), (TaxClass.EXEMPT, "UFREI", 0), (TaxClass.NOT_TAXABLE, "UNST", 0),
        (TaxClass.SERVICE, "U19", 19),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [TaxStatus.REGULAR, TaxStatus.CONSUMER, TaxStatus.FLAT_RATE_FARMER])
def test_domestic_sales(ask: Ask, status: str, tax_class: str, expected: str, percent: int) -> None:
    answer = ask(tax_class=tax_class, status=status)
    assert code(answer) == expected
    assert answer.found is not None
    assert answer.found.percent == percent


def test_a_farmer_pays_the_ordinary_rate_and_bills_his_own(ask: Ask) -> None:
    assert code(ask(Side.SALES, TaxClass.REDUCED, status=TaxStatus.FLAT_RATE_FARMER)) == "U7"
    assert code(ask(Side.PURCHASE, TaxClass.FARM_PRODUCE, status=TaxStatus.FLAT_RATE_FARMER)) == "V24"


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2024, 12, 5), "9.0"), (date(2024, 12, 6), "8.4"), (date(2024, 12, 31), "8.4"),
        (date(2025, 1, 1), "7.8"), (TODAY, "7.8"),
    ],
)  # fmt: skip
def test_the_farmers_rate_is_that_of_the_supply_date(ask: Ask, day: date, percent: str) -> None:
    found = ask(Side.PURCHASE, TaxClass.FARM_PRODUCE, day, status=TaxStatus.FLAT_RATE_FARMER).found
    assert found is not None
    assert found.percent == Decimal(percent)
    assert found.category == "S"


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2020, 6, 30), 19), (date(2020, 7, 1), 16), (date(2020, 12, 31), 16), (date(2021, 1, 1), 19)],
)
def test_the_standard_rate_of_2020(ask: Ask, day: date, percent: int) -> None:
    found = ask(on=day).found
    assert found is not None
    assert found.percent == percent


def test_a_small_business_of_our_own_shows_no_tax_anywhere(ask: Ask, boss: Actor) -> None:
    CompanyVatScheme.objects.all().delete()
    CompanyVatScheme.objects.create(
        company_id=boss.company_id, scheme=VatScheme.SMALL_BUSINESS_19, valid_from=date(2026, 1, 1)
    )
    answer = ask(tax_class=TaxClass.REDUCED)
    assert code(answer) == "UKU"
    assert answer.found is not None
    assert answer.found.category == "E"
    assert "§ 19 UStG" in answer.found.exemption_text_de
    assert code(ask(status=TaxStatus.EU_BUSINESS, ship_to="NL", vat_id=DUTCH)) == "UKU"
    assert code(ask(on=date(2025, 12, 31), status=TaxStatus.REGULAR)) == "U19", (
        "the scheme holds from 2026 on"
    )


def test_a_flat_rate_farmer_of_our_own_sells_at_his_rate_even_abroad(ask: Ask, boss: Actor) -> None:
    CompanyVatScheme.objects.update(scheme=VatScheme.FLAT_RATE_24)
    assert code(ask(tax_class=TaxClass.FARM_PRODUCE)) == "U24"
    assert code(ask(tax_class=TaxClass.FARM_PRODUCE, ship_to="CH", status=TaxStatus.THIRD_COUNTRY)) == "U24"
    assert code(ask(tax_class=TaxClass.STANDARD)) == "U19"


def test_intra_community_supply(ask: Ask) -> None:
    answer = ask(status=TaxStatus.EU_BUSINESS, ship_to="NL", vat_id=DUTCH)
    assert code(answer) == "UIG"
    assert answer.found is not None
    assert (answer.found.category, answer.found.percent, answer.found.exemption_code) == (
        "K",
        0,
        "VATEX-EU-IC",
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"vat_id": ""},
        {"vat_id": DUTCH, "vat_id_valid": False},
        {"vat_id": "NL004495446B01"},
        {"vat_id": "DE136695976"},
    ],
)
def test_an_intra_community_supply_needs_a_valid_foreign_vat_id(ask: Ask, facts: dict[str, Any]) -> None:
    answer = ask(status=TaxStatus.EU_BUSINESS, ship_to="NL", **facts)
    assert refused(answer) == "tax-rule-missing"
    with translation.override("en"):
        again = ask(status=TaxStatus.EU_BUSINESS, ship_to="NL", **facts)
        assert "VAT ID" in str(again.violations[0].text)


def test_goods_that_stay_here_are_taxed_here(ask: Ask) -> None:
    assert code(ask(status=TaxStatus.EU_BUSINESS, ship_to="DE", vat_id=DUTCH)) == "U19"


def test_a_consumer_in_the_eu_pays_our_tax(ask: Ask) -> None:
    assert code(ask(status=TaxStatus.CONSUMER, ship_to="FR")) == "U19"


@pytest.mark.parametrize(
    "tax_class",
    [
        TaxClass.STANDARD, TaxClass.REDUCED, TaxClass.FARM_PRODUCE, TaxClass.ZERO, TaxClass.REVERSE_CHARGE,
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [TaxStatus.THIRD_COUNTRY, TaxStatus.CONSUMER, TaxStatus.REGULAR])
def test_export(ask: Ask, status: str, tax_class: str) -> None:
    answer = ask(tax_class=tax_class, status=status, ship_to="CH")
    assert code(answer) == "UEX"
    assert answer.found is not None
    assert (answer.found.category, answer.found.exemption_code) == ("G", "VATEX-EU-G")


def test_services_follow_their_recipient(ask: Ask) -> None:
    assert code(ask(tax_class=TaxClass.SERVICE, status=TaxStatus.EU_BUSINESS, vat_id=FRENCH)) == "U13BEU"
    assert code(ask(tax_class=TaxClass.SERVICE, status=TaxStatus.THIRD_COUNTRY, ship_to="CH")) == "UNST"


@pytest.mark.parametrize("ship_to", ["DE", "AT", "CH"])
@pytest.mark.parametrize("origin", ["DE", "AT"])
@pytest.mark.parametrize(
    "status",
    [TaxStatus.REGULAR, TaxStatus.SMALL_BUSINESS, TaxStatus.FLAT_RATE_FARMER, TaxStatus.PUBLIC_BODY],
)
def test_a_service_to_a_business_here_is_taxed_here(ask: Ask, status: str, origin: str, ship_to: str) -> None:
    """§ 3a (2) UStG: where it is done does not matter, and nothing is exported."""
    found = ask(tax_class=TaxClass.SERVICE, status=status, ship_from=origin, ship_to=ship_to)
    assert code(found) == "U19"


@pytest.mark.parametrize("ship_to", ["DE", "FR", "CH"])
def test_a_service_to_a_consumer_is_taxed_here(ask: Ask, ship_to: str) -> None:
    assert code(ask(tax_class=TaxClass.SERVICE, status=TaxStatus.CONSUMER, ship_to=ship_to)) == "U19"


def test_a_service_is_no_export(ask: Ask) -> None:
    """Without a VAT ID nothing says where this business is."""
    answer = ask(tax_class=TaxClass.SERVICE, status=TaxStatus.EU_BUSINESS, ship_to="CH")
    assert refused(answer) == "tax-rule-missing"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (TaxStatus.REGULAR, "U13B"), (TaxStatus.SMALL_BUSINESS, "U13B"), (TaxStatus.FLAT_RATE_FARMER, "U13B"),
        (TaxStatus.CONSUMER, "U19"), (TaxStatus.PUBLIC_BODY, "U19"),
    ],
)  # fmt: skip
def test_reverse_charge_only_between_entrepreneurs(ask: Ask, status: str, expected: str) -> None:
    assert code(ask(tax_class=TaxClass.REVERSE_CHARGE, status=status)) == expected


@pytest.mark.parametrize(
    ("status", "tax_class", "origin", "expected"),
    [
        (TaxStatus.REGULAR, TaxClass.STANDARD, "DE", "V19"), (TaxStatus.REGULAR, TaxClass.REDUCED, "DE", "V7"),
        (TaxStatus.SMALL_BUSINESS, TaxClass.STANDARD, "DE", "VKU"),
        (TaxStatus.CONSUMER, TaxClass.REDUCED, "DE", "VPRIV"),
        (TaxStatus.REGULAR, TaxClass.REVERSE_CHARGE, "DE", "V13B"),
        (TaxStatus.EU_BUSINESS, TaxClass.STANDARD, "FR", "VIG19"),
        (TaxStatus.EU_BUSINESS, TaxClass.REDUCED, "FR", "VIG7"),
        (TaxStatus.EU_BUSINESS, TaxClass.SERVICE, "FR", "V13BEU"),
        (TaxStatus.THIRD_COUNTRY, TaxClass.STANDARD, "US", "VEINF"),
    ],
)  # fmt: skip
def test_purchases(ask: Ask, status: str, tax_class: str, origin: str, expected: str) -> None:
    answer = ask(Side.PURCHASE, tax_class, status=status, ship_from=origin)
    assert code(answer) == expected


@pytest.mark.parametrize(
    ("status", "country", "vat_id"),
    [
        (TaxStatus.REGULAR, "AT", AUSTRIAN), (TaxStatus.PUBLIC_BODY, "NL", DUTCH),
        (TaxStatus.EU_BUSINESS, "DE", GERMAN), (TaxStatus.THIRD_COUNTRY, "DE", ""),
        (TaxStatus.THIRD_COUNTRY, "AT", AUSTRIAN),
    ],
)  # fmt: skip
def test_a_status_that_country_and_vat_id_contradict_is_a_block(
    ask: Ask, status: str, country: str, vat_id: str
) -> None:
    """Somebody corrected the address and the VAT ID and left the status as it was."""
    answer = ask(tax_class=TaxClass.SERVICE, status=status, country=country, vat_id=vat_id)
    assert refused(answer) == "tax-status-contradicts"
    assert country in str(answer.violations[0].text)


@pytest.mark.parametrize(
    ("status", "country", "vat_id", "expected"),
    [
        (TaxStatus.REGULAR, "AT", GERMAN, "U19"), (TaxStatus.REGULAR, "AT", "", "U19"),
        (TaxStatus.REGULAR, "DE", DUTCH, "U19"), (TaxStatus.CONSUMER, "AT", "", "U19"),
        (TaxStatus.EU_BUSINESS, "DE", DUTCH, "U13BEU"), (TaxStatus.EU_BUSINESS, "AT", AUSTRIAN, "U13BEU"),
        (TaxStatus.THIRD_COUNTRY, "CH", "", "UNST"), (TaxStatus.REGULAR, "CH", "CHE116281710", "U19"),
    ],
)  # fmt: skip
def test_seat_and_registration_may_lie_apart(
    ask: Ask, status: str, country: str, vat_id: str, expected: str
) -> None:
    answer = ask(tax_class=TaxClass.SERVICE, status=status, country=country, vat_id=vat_id)
    assert code(answer) == expected


def test_no_rule_is_a_block_that_names_the_case(ask: Ask) -> None:
    with translation.override("en"):
        answer = ask(ship_from="PL", ship_to="CZ")
    assert refused(answer) == "tax-rule-missing"
    text = str(answer.violations[0].text)
    for part in ("Standard rate", "Regular taxation", "Regular business", "PL", "CZ", "24 Nov 2026"):
        assert part in text


def test_a_rate_that_ended_yesterday_is_a_block(ask: Ask) -> None:
    TaxRate.objects.filter(code__code="U19", valid_to=None).update(valid_to=TODAY - timedelta(days=1))
    assert code(ask(on=TODAY - timedelta(days=1))) == "U19"
    assert refused(ask()) == "tax-rate-missing"


def test_a_partner_without_a_status_on_that_day_is_a_block(ask: Ask, partner: Partner) -> None:
    set_status(partner, TaxStatus.REGULAR, valid_from=TODAY)
    assert refused(ask(on=TODAY - timedelta(days=1))) == "tax-status-missing"
    assert code(ask()) == "U19"


def test_the_status_of_the_day_counts(ask: Ask, partner: Partner, boss: Actor) -> None:
    set_status(partner, TaxStatus.FLAT_RATE_FARMER, valid_to=date(2026, 12, 31))
    PartnerTaxStatus.objects.create(
        company_id=boss.company_id, partner=partner, status=TaxStatus.REGULAR, valid_from=date(2027, 1, 1)
    )
    assert code(ask(Side.PURCHASE, TaxClass.REDUCED, date(2026, 12, 31))) == "V24"
    assert code(ask(Side.PURCHASE, TaxClass.REDUCED, date(2027, 1, 1))) == "V7"


def test_the_highest_priority_wins_and_a_tie_is_a_block(ask: Ask, boss: Actor) -> None:
    special = TaxRule.objects.create(
        company_id=boss.company_id, priority=990, side=Side.SALES, code=TaxCode.objects.get(code="U7")
    )
    assert code(ask()) == "U7"
    TaxRule.objects.create(
        company_id=boss.company_id, priority=990, side=Side.SALES, code=TaxCode.objects.get(code="U0")
    )
    assert refused(ask()) == "tax-rule-ambiguous"
    special.tax_class = TaxClass.STANDARD
    special.save()
    assert code(ask()) == "U7", "among equals the rule that asks more"
    TaxRule.objects.filter(priority=990).update(active=False)
    assert code(ask()) == "U19"


def test_why_this_tax(ask: Ask) -> None:
    found = ask().found
    assert found is not None
    with translation.override("en"):
        assert found.reason() == (
            "Standard rate · we: Regular taxation · partner: Regular business · from DE to DE"
            " · tax code U19, 19% · rate in force since 1 Jan 2021"
        )


def test_many_lines_take_two_queries(partner: Partner, django_assert_num_queries: Any) -> None:
    situation = TaxSituation(Side.SALES, partner.pk, "DE", "DE", "DE")
    for count in (1, 30):
        lines = [
            TaxQuestion(n, list(TaxClass.values)[n % 3], TODAY - timedelta(days=n)) for n in range(count)
        ]
        with django_assert_num_queries(2):
            assert len(determine_taxes(situation, lines)) == count


def test_rates_of_codes_on_a_day(boss: Actor) -> None:
    ids = {row.code: row.pk for row in TaxCode.objects.all()}
    assert rates_on([ids["V24"], ids["U19"]], date(2024, 12, 10)) == {
        ids["V24"]: Decimal("8.4"),
        ids["U19"]: Decimal(19),
    }
    assert rates_on([ids["V24"]], date(2010, 1, 1)) == {}
