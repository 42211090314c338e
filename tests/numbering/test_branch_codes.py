"""A branch's code stands in its numbers: it stays once numbers carry it, and never makes two series print the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from numbering.models import NumberSeries
from numbering.services import allocate, create_series
from tests.numbering.conftest import DAY
from valeo.administration.services.companies import save_branch
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Company

PATTERN = "{branch}-{year}-{number:05d}"


@pytest.fixture
def north(company: Company) -> Branch:
    return Branch.objects.create(company=company, code="N", name="Nord")


@pytest.fixture
def south(company: Company) -> Branch:
    return Branch.objects.create(company=company, code="S", name="Süd")


def series(actor: Actor, branch: Branch | None, kind: str = "sales_order", **facts: Any) -> NumberSeries:
    return create_series(actor=actor, kind=kind, branch=branch, **{"prefix": "", "pattern": PATTERN, **facts})


def give(company: Company, branch: Branch, kind: str = "sales_order") -> str:
    return allocate(company_id=company.pk, kind=kind, branch_id=branch.pk, on=DAY)


def refused(actor: Actor, branch: Branch, code: str) -> list[tuple[str, str]]:
    """Codes and fields of a refusal, which changed nothing."""
    before = list(Branch.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        save_branch(actor=actor, branch=branch, code=code)
    assert (list(Branch.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return [(violation.code, violation.field) for violation in refusal.value.violations]


def test_a_code_that_numbers_carry_stays(
    company: Company, actor: Actor, north: Branch, south: Branch
) -> None:
    series(actor, north)
    series(actor, south)
    assert give(company, north) == "N-2026-00001"
    assert refused(actor, north, "X") == [("branch-code-used", "code")]
    save_branch(actor=actor, branch=north, name="Nordwest")
    save_branch(actor=actor, branch=south, code="SUED")
    assert give(company, south) == "SUED-2026-00001"


def test_a_code_that_would_print_the_numbers_of_another_series(
    company: Company, actor: Actor, north: Branch
) -> None:
    series(actor, None, prefix="SO", pattern="{prefix}-{year}-{number:05d}")
    series(actor, north)
    assert refused(actor, north, "SO") == [("series-collision", "code")]
    save_branch(actor=actor, branch=north, code="NW")
    assert give(company, north) == "NW-2026-00001"


def test_a_code_that_makes_numbers_too_long(actor: Actor, north: Branch) -> None:
    series(actor, north, pattern="X" * 24 + "-{branch}{number:05d}", reset="never")
    assert refused(actor, north, "NORDWEST") == [("pattern-long", "code")]


def test_of_a_series_for_all_branches_only_the_codes_in_its_numbers_stay(
    company: Company, actor: Actor, north: Branch, south: Branch
) -> None:
    series(actor, None)
    assert give(company, north) == "N-2026-00001"
    assert refused(actor, north, "X") == [("branch-code-used", "code")]
    save_branch(actor=actor, branch=south, code="SUED")
    assert give(company, south) == "SUED-2026-00002"


def test_a_code_that_no_number_shows_is_free(company: Company, actor: Actor, north: Branch) -> None:
    series(actor, north, prefix="NORD", pattern="{prefix}-{year}-{number:05d}")
    give(company, north)
    save_branch(actor=actor, branch=north, code="NW")
    assert Branch.objects.get().code == "NW"


def test_the_administrator_reads_it_beside_the_field(
    client_for: Callable[..., Client], company: Company, actor: Actor, north: Branch
) -> None:
    series(actor, north)
    give(company, north)
    values = {"code": "X", "name": "Nord", "is_active": "on", "country": "DE"}
    url = f"/admin/tenancy/branch/{north.pk}/change/"
    page = client_for("administrator").post(url, values, headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "carry the code N" in page.context["adminform"].form.errors["code"][0]


def test_a_number_that_was_given_before_is_refused_in_words(
    company: Company, actor: Actor, north: Branch, south: Branch
) -> None:
    """Whatever brought it about, here SQL past the services."""
    series(actor, north)
    series(actor, south)
    give(company, north)
    Branch.objects.filter(pk=north.pk).update(code="OLD")
    Branch.objects.filter(pk=south.pk).update(code="N")
    with pytest.raises(Refused) as refusal, transaction.atomic():
        give(company, south)
    assert [violation.code for violation in refusal.value.violations] == ["number-repeats"]
