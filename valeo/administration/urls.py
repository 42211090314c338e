from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from valeo.administration.views import account, branding

_tenancy = [
    path("company/", account.switch_company, name="switch"),
    path("settings/", account.preferences, name="settings"),
]
_branding = [
    path("<uuid:company>.css", branding.stylesheet, name="css"),
    path("<uuid:branding>/logo", branding.logo, name="logo"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", account.Logout.as_view(next_page="login"), name="logout"),
    path("password/", account.PasswordChange.as_view(), name="password_change"),
    path("language/", account.choose_language, name="set_language"),
    path("", include((_tenancy, "tenancy"))),
    path("branding/", include((_branding, "branding"))),
]
