"""The URL table: composition only."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("valeo.health.urls")),
    path("", include("valeo.administration.urls")),
    path("", include("valeo.events.urls")),
    path("", include("valeo.office.urls")),
    path("", include("masterdata.urls")),
    path("", include("inventory.urls")),
    path("", include("payments.urls")),
    path("", include("archive.urls")),
    path("styleguide/", include("valeo.styleguide.urls")),
    path("", include("workflow.urls")),
    path("", include("documents.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "valeo.core.errors.bad_request"
handler403 = "valeo.core.errors.permission_denied"
handler404 = "valeo.core.errors.page_not_found"
handler500 = "valeo.core.errors.server_error"
