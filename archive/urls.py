from __future__ import annotations

from django.urls import path

from archive import views

app_name = "archive"
urlpatterns = [
    path("documents/<uuid:document>/paper/<slug:code>.pdf", views.paper, name="paper"),
    path("verify/", views.verify_form, name="verify-form"),
    path("verify/<str:domain>/<str:number>/<str:code>", views.verify, name="verify"),
]
