from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from valeo.administration.admin import words


@pytest.mark.parametrize(
    ("code", "shown"),
    [("submit", "eingereicht"), ("partner.change", "geändert"), ("series.init-year", "Jahr vorbereitet"), ("new.code", "new.code")],
)  # fmt: skip
def test_an_action_in_words(code: str, shown: str) -> None:
    with translation.override("de"):
        assert words.action(code) == shown


@pytest.mark.parametrize(
    ("label", "shown"),
    [("documents.document", "Beleg"), ("tenancy.period", "Periode"), ("gone.model", "gone.model"), ("", "")],
)
def test_an_object_type_in_words(label: str, shown: str) -> None:
    with translation.override("de"):
        assert words.object_type(label) == shown


@pytest.mark.django_db
def test_the_audit_record_shows_and_filters_words(client_for: Callable[..., Client]) -> None:
    page = client_for("administrator").get(
        "/admin/audit/auditentry/?action=company.create", headers={"accept-language": "de"}
    )
    html = page.content.decode()
    assert page.status_code == 200
    assert "Firma: angelegt" in html
    assert '<td class="field-done">angelegt</td>' in html
