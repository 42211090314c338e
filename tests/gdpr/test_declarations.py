from __future__ import annotations

import pytest
from django.db import models

from gdpr import registry
from valeo.core import personal
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, is_personal, label_is_personal
from valeo.tenancy.models import Company, Period, User


def test_every_text_field_is_declared_personal_or_impersonal() -> None:
    missing = registry.undeclared()
    assert not missing, (
        "declare them in the app's personal_data.py (docs/howto/declare-personal-data.md): "
        + ", ".join(missing)
    )


def test_personal_fields_say_why_and_what_an_erasure_does() -> None:
    found = [
        kind
        for declaration in personal.declarations()
        for kind in declaration.fields.values()
        if isinstance(kind, personal.Personal)
    ]
    assert found
    assert all(kind.purpose for kind in found)


def test_what_nothing_obliges_to_keep_is_not_merely_restricted() -> None:
    for declaration in personal.declarations():
        for name, kind in declaration.fields.items():
            if isinstance(kind, personal.Personal) and kind.retention == Retention.NONE:
                assert kind.erase != Erase.RESTRICT, f"{declaration.model._meta.label}.{name}"


def test_an_undeclared_text_field_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(personal._declarations)
    del known["tenancy.user"]
    monkeypatch.setattr(personal, "_declarations", known)
    assert "tenancy.user.full_name" in registry.undeclared()
    assert "tenancy.user.language" not in registry.undeclared()  # a closed list of choices


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (models.CharField(), True), (models.TextField(), True), (models.EmailField(), True), (models.JSONField(), True),
        (models.CharField(choices=[("a", "A")]), False), (models.DateField(), False), (models.DecimalField(), False),
    ],
)  # fmt: skip
def test_which_fields_can_hold_text(field: models.Field[object, object], text: bool) -> None:
    assert registry.is_text(field) is text


def test_a_wrong_declaration_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "_declarations", {})
    with pytest.raises(ValueError, match="has no nickname"):
        declare(User, impersonal("nickname"))
    declare(User, impersonal("username"))
    with pytest.raises(ValueError, match="twice"):
        declare(User, impersonal("username"))


def test_what_is_not_declared_counts_as_personal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "_declarations", {})
    assert is_personal(User, "full_name", "Eva Muster")
    assert not is_personal(User, "is_active", True)
    assert label_is_personal(User)
    name = personal.personal(purpose="x", basis=Basis.CONTRACT, retention=Retention.NONE, erase=Erase.CLEAR)
    declare(User, {"full_name": name, **impersonal("username")})
    declare(Company, impersonal("code"))
    assert is_personal(User, "full_name", "Eva Muster")
    assert not is_personal(User, "username", "eva")
    assert label_is_personal(User)
    assert not label_is_personal(Company)
    assert label_is_personal(Period)
