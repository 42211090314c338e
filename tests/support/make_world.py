"""Run as a program beside an installation's database: makes the small world and prints how to use it as JSON."""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")
django.setup()

from django.db import transaction  # noqa: E402 - Django is ready only now

from tests.factories.tenancy import PASSWORD, make_company  # noqa: E402
from tests.factories.world import make_world  # noqa: E402
from valeo.tenancy.models import User  # noqa: E402
from valeo.tenancy.scope import company_scope  # noqa: E402


def main() -> None:
    with transaction.atomic():
        company = make_company("WORLD")
        with company_scope(company.pk):
            world = make_world(company, credit_limit="100000000.00")
    people = {
        name: User.objects.get(pk=actor.user_id or 0).username
        for name, actor in (
            ("clerk", world.clerk), ("warehouse", world.warehouse), ("manager", world.manager),
            ("accountant", world.accountant),
        )
    }  # fmt: skip
    print(
        json.dumps(
            {
                "company": company.pk,
                "password": PASSWORD,
                "people": people,
                "customer": world.customer.customer_number,
                "articles": [world.wheat.number, world.lime.number],
            }
        )
    )


if __name__ == "__main__":
    main()
