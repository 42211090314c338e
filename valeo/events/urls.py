from __future__ import annotations

from django.urls import path

from valeo.events.views import replay

app_name = "events"
urlpatterns = [
    path("api/workflow/replay/<str:channels>", replay, name="replay"),
]
