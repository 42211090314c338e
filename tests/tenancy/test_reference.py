"""Reference data kept in the process counts no longer than it is true: another connection, another process, a rollback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction

from masterdata.models import Unit
from masterdata.selectors import reference as references
from tests.factories.masterdata import make_masterdata
from tests.factories.tenancy import make_company
from valeo.tenancy.models import Company
from valeo.tenancy.reference import KEPT, reference
from valeo.tenancy.scope import company_scope
from workflow.models import CompanyLimits
from workflow.selectors.limits import limits

pytestmark = pytest.mark.django_db(transaction=True)
WATCHED = [
    "tenancy_branding", "tenancy_companyvatscheme", "masterdata_unit", "masterdata_taxcode", "masterdata_taxrate",
    "masterdata_taxrule", "masterdata_paymentterm", "masterdata_paymentterminstalment", "masterdata_warehouse",
    "masterdata_pricelist", "masterdata_carrier", "masterdata_articlegroup", "workflow_releaserule",
    "workflow_companylimits",
]  # fmt: skip
CHILD = """
import sys, django
django.setup()
from django.db import connection
from valeo.tenancy.scope import company_scope
from valeo.tenancy.reference import reference
from workflow.selectors.limits import limits
with company_scope(int(sys.argv[1])):
    for _line in sys.stdin:
        print(limits(reference()).max_discount_percent, flush=True)
"""


@pytest.fixture
def company(transactional_db: None) -> Iterator[Company]:
    made = make_company("REF")
    with company_scope(made.pk):
        make_masterdata(made)
        yield made


def discount() -> Any:
    return limits(reference()).max_discount_percent


def test_reads_once_until_something_changes(company: Company, django_assert_num_queries: Any) -> None:
    assert references.units(reference())
    with django_assert_num_queries(1):  # the stamp
        again = references.units(reference())
    assert again is references.units(reference())
    unit = next(iter(again.values()))
    Unit.objects.filter(pk=unit.pk).update(symbol_de="neu")
    assert references.units(reference())[unit.pk].symbol_de == "neu"


@pytest.mark.parametrize("table", WATCHED)
def test_every_kept_table_gives_a_new_stamp(company: Company, table: str) -> None:
    """Insert, update, delete and TRUNCATE, each by a trigger of its own (the tests' database has the last switched off)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgtype & 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'reference_%%'",
            [table],
        )
        found = dict(cursor.fetchall())
    assert found == dict.fromkeys(
        ("reference_insert", "reference_update", "reference_delete", "reference_truncate"), 0
    )


def test_a_rule_that_was_deleted_is_gone(company: Company) -> None:
    CompanyLimits.objects.create(company_id=company.pk, max_discount_percent=7)
    assert discount() == 7
    CompanyLimits.objects.all().delete()
    assert discount() == CompanyLimits().max_discount_percent


def test_another_companys_change_leaves_the_stamp(company: Company) -> None:
    before = reference()
    other = make_company("REF2")
    with company_scope(other.pk):
        make_masterdata(other)
        assert reference().stamp != before.stamp
    assert reference() is before


def test_what_was_rolled_back_was_never_there(company: Company) -> None:
    CompanyLimits.objects.create(company_id=company.pk, max_discount_percent=7)
    assert discount() == 7

    with transaction.atomic():
        CompanyLimits.objects.update(max_discount_percent=99)
        assert discount() == 99  # its own change counts inside the transaction
        transaction.set_rollback(True)
    assert discount() == 7
    CompanyLimits.objects.update(max_discount_percent=8)
    assert discount() == 8


def test_the_next_request_of_another_process_sees_the_change(company: Company) -> None:
    CompanyLimits.objects.create(company_id=company.pk, max_discount_percent=5)
    given = connection.settings_dict
    port = f":{given['PORT']}" if given["PORT"] else ""
    url = (
        f"postgresql://{given['USER']}:{given['PASSWORD']}@{port}/{given['NAME']}?host={quote(given['HOST'])}"
    )
    env = os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "valeo.settings", "SECRET_KEY": settings.SECRET_KEY,
        "VALEO_PUBLIC_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(company.pk)], cwd=Path(__file__).resolve().parents[2], env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None  # noqa: PT018

    def asked() -> str:
        assert child.stdin is not None and child.stdout is not None  # noqa: PT018
        child.stdin.write("\n")
        child.stdin.flush()
        return child.stdout.readline().strip()

    try:
        assert asked() == "5.00"
        assert asked() == "5.00"
        CompanyLimits.objects.update(max_discount_percent=3)
        assert asked() == "3.00"
    finally:
        child.stdin.close()
        child.wait(30)
        child.stdout.close()


def test_a_process_keeps_a_bounded_number_of_companies() -> None:
    from valeo.tenancy import reference as module

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_referencestamp SELECT 900000 + n, nextval('tenancy_reference_seq')"
            " FROM generate_series(1, %s) n ON CONFLICT DO NOTHING",
            [KEPT + 5],
        )
    try:
        for number in range(1, KEPT + 6):
            with company_scope(900000 + number):
                reference()
        assert len(module._references) <= KEPT
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tenancy_referencestamp WHERE company_id > 900000")
