from __future__ import annotations

from django.urls import path

from valeo.office.views.bell import counts, seen
from valeo.office.views.dashboard import dashboard
from valeo.office.views.robots import robots
from valeo.office.views.search import search

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("counts/", counts, name="counts"),
    path("bell/seen/", seen, name="bell-seen"),
    path("search/", search, name="search"),
    path("robots.txt", robots, name="robots"),
]
