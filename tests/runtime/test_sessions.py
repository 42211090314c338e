from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from valeo.core.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored(**content: object) -> str:
    session = SessionStore()
    session.update(content)
    session.save()
    assert session.session_key is not None
    return session.session_key


def test_the_default_is_the_store_that_all_processes_share() -> None:
    assert settings.SESSION_ENGINE == "valeo.core.sessions"


def test_a_session_is_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    session = SessionStore(stored(user=7))
    with django_assert_num_queries(1):
        assert session["user"] == 7
        assert session.get("other") is None


def test_a_logout_is_seen_at_once() -> None:
    key = stored(user=7)
    SessionStore(key).flush()
    assert SessionStore(key).get("user") is None


@pytest.mark.parametrize("key", ["unknown", "x" * 32, "'; DROP TABLE django_session --"])
def test_an_unknown_key_is_an_empty_session_without_that_key(key: str) -> None:
    session = SessionStore(key)
    assert session.get("user") is None
    assert session.session_key is None


def test_an_expired_session_is_empty() -> None:
    key = stored(user=7)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).get("user") is None


def test_altered_content_is_not_believed() -> None:
    key = stored(user=7)
    Session.objects.filter(session_key=key).update(session_data="eyJ1c2VyIjo4fQ:forged")
    assert SessionStore(key).get("user") is None
