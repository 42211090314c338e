from __future__ import annotations

import threading

import pytest
from django.db import connection

from tests.factories.tenancy import make_company, make_member
from valeo.administration.services import members
from valeo.core.exceptions import Refused
from valeo.tenancy.models import Membership
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import actor_for


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_retire_each_other_leave_one() -> None:
    company = make_company()
    first, second = make_member(company, "administrator"), make_member(company, "administrator")
    start = threading.Barrier(2)
    refused: list[str] = []

    def retire(by: Membership, whom: Membership) -> None:
        try:
            actor = actor_for(by.user, company)
            start.wait(10)
            with company_scope(company.pk):
                members.update_member(actor=actor, membership=whom, is_active=False)
        except Refused as refusal:
            refused.append(refusal.violations[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=retire, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last-administrator"]
    assert Membership.objects.filter(company=company, is_active=True).count() == 1
