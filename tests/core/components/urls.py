"""Pages for the browser tests: the styleguide and what the scripts ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from valeo.styleguide.sample import LineSet, SampleForm
from valeo.styleguide.urls import urlpatterns as styleguide
from valeo.tenancy.access import public

ROW = "00000000-0000-4000-8000-000000000001"
FORM = """{% extends "base.html" %}{% load valeo %}{% block content %}
<form method="post" action="/login-page/" data-editor data-draft="order:new" data-preview-url="/preview/">{% csrf_token %}
{% page_head "New order" state="draft" sticky=True %}{% button "Submit" kind="primary" name="do" value="submit" keys="Ctrl Enter" %}{% endpage_head %}
{% field form.partner width=6 source="/search/" hidden=form.partner_id %}{% field form.notes width=6 %}
{% line_grid formset article_source="/search/" %}<div data-rail></div></form>
<div id="live" data-live-refresh="ROW" data-live-url="/part/">old</div>
<div class="drop" data-verify data-hashes="{{ request.GET.hash }}"><label class="btn">File<input class="sr" type="file"></label></div>
{% endblock %}""".replace("ROW", ROW)
DONE = '<!doctype html><html lang="en"><title>x</title><link rel="icon" href="/static/img/favicon.svg"><script type="module" src="/static/js/main.js"></script>'
HITS = [
    {
        "id": "1",
        "number": "10482",
        "label": "Hof Petersen GbR",
        "sub": "Bredstedt",
        "url": "/done/",
        "symbol": "users",
    },
    {
        "id": "2",
        "number": "20115",
        "label": "Fertiliser",
        "right": "low",
        "tone": "warn",
        "fill": {"unit": "t", "price": "318"},
    },
]


@public
def form(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(FORM)
    return HttpResponse(template.render({"form": SampleForm(), "formset": LineSet(prefix="lines")}, request))


@public
@csrf_exempt
def login_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(DONE + '<input type="password">')


@public
@csrf_exempt
def done(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(DONE + "taken")


@public
def search(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"results": HITS})


@public
@csrf_exempt
def preview(request: HttpRequest) -> JsonResponse:
    quantity = request.POST.get("lines-0-quantity", "")
    calc = {"lines-0": {"net": f"net {quantity}", "available": "5 t", "short": True}}
    return JsonResponse(
        {"rail": f"<p>sum {quantity}</p>", "calc": calc, "errors": {"lines-0-price": "Price is missing"}}
    )


@public
def part(_request: HttpRequest) -> HttpResponse:
    return HttpResponse('<div id="live">new</div>')


@public
def stream(_request: HttpRequest, channel: str) -> StreamingHttpResponse:
    event = {
        "channel": channel,
        "action": "post",
        "number": "SO-1",
        "user": "Anke Thomsen",
        "document": ROW,
        "to": "posted",
    }

    def events() -> Iterator[str]:
        yield f"id: 7\nevent: workflow\ndata: {json.dumps(event)}\n\n"

    return StreamingHttpResponse(events(), content_type="text/event-stream")


urlpatterns = [
    path("styleguide/", include((styleguide, "styleguide"))),
    path("form/", form),
    path("login-page/", login_page),
    path("done/", done),
    path("search/", search, name="search"),
    path("preview/", preview),
    path("part/", part),
    path("api/stream/<str:channel>", stream),
    path("i18n/", include("django.conf.urls.i18n")),
]
