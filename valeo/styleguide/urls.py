from __future__ import annotations

from django.urls import path

from valeo.styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.styleguide, name="index"),
    path("errors/<slug:code>/", views.error_page, name="error"),
]
