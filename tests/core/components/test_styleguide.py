from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from valeo.styleguide import views


def _request(user: Any = None) -> HttpRequest:
    request = RequestFactory().get("/styleguide/")
    request.user = user or AnonymousUser()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # what the middleware sets
    return request


def test_outside_development_it_does_not_exist_for_others(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        views.styleguide(_request())
    with pytest.raises(Http404):
        views.error_page(_request(), "404")


def test_in_development_it_shows_everything(settings: Any) -> None:
    settings.DEBUG = True
    html = views.styleguide(_request()).content.decode()
    assert 'class="chain"' in html
    assert 'class="entry"' in html


@pytest.mark.parametrize("code", views.ERRORS)
def test_every_error_page_is_shown_and_says_what_to_do(settings: Any, code: str) -> None:
    settings.DEBUG = True
    html = views.error_page(_request(), code).content.decode()
    assert "<h1" in html
    assert 'class="btn' in html


def test_an_unknown_error_page_is_not_found(settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(Http404):
        views.error_page(_request(), "418")
