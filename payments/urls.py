"""The screens of the open items, mounted at the root."""

from __future__ import annotations

from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [path("open-items/", views.OpenItemList.as_view(), name="items")]
