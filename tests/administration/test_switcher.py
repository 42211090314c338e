"""Two companies of a user never look alike in the header."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.tenancy import make_company, make_member, make_user
from valeo.tenancy.models import Company

pytestmark = pytest.mark.django_db


def marks(client: Client) -> list[str]:
    """The header's own, then one for each company to change to, by name."""
    page = client.get("/").content.decode()
    return re.findall(r'<span class="company-mark"[^>]*>([^<]*)</span>', page)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Nordland Agrar GmbH", "Neue Handels GmbH"), ["NORD", "NEUE", "NORD"]),
        (("Nordland Agrar GmbH", "Süd Handel"), ["NG", "NG", "SH"]),
    ],
)
def test_the_code_stands_where_initials_are_the_same(names: tuple[str, str], shown: list[str]) -> None:
    user = make_user("zweifach")
    companies: list[Company] = []
    for code, name in zip(("NORD", "NEUE"), names, strict=True):
        companies.append(make_company(code))
        Company.objects.filter(pk=companies[-1].pk).update(name=name)
        make_member(companies[-1], "operator", user=user)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/company/", {"company": str(companies[0].uuid)})
    assert marks(client) == shown
