"""Login, logout, password, language and appearance, change of company."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language
from django_ratelimit.core import get_usage

from valeo.administration.forms import LoginForm, OwnPasswordForm, PreferencesForm
from valeo.administration.services import accounts
from valeo.core.exceptions import NotFound
from valeo.tenancy.access import PUBLIC, SIGNED_IN, public, signed_in
from valeo.tenancy.selectors import companies_of
from valeo.tenancy.signin import default_membership, remember_company

#: tries on one account from all addresses together, in ``RATE_LOGIN``s
EVERYWHERE: Final = 10


class Login(LoginView):
    """Limited per account and address, and for failures per address.

    So a whole office behind one address may sign in at eight. Over all addresses an account has more tries: a stranger
    does not lock out whose name he knows.
    """

    access = PUBLIC
    form_class = LoginForm
    template_name = "administration/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 429 with the form, and what was typed, where the limit is reached."""
        wait = max(
            _tries(request, "account-here", _account_here, count=True),
            _tries(request, "account", _account, count=True, times=EVERYWHERE),
            _tries(request, "ip", "ip", count=False),
        )
        if wait:
            return self._too_many(wait)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        membership = default_membership(self.request.session)
        if membership is not None:
            remember_company(self.request.session, membership.company)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        _tries(self.request, "ip", "ip", count=True)
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def _too_many(self, wait: int) -> HttpResponse:
        text = ngettext(
            "Too many attempts. Wait %(count)d second, then try again.",
            "Too many attempts. Wait %(count)d seconds, then try again.",
            wait,
        ) % {"count": wait}
        form = LoginForm(self.request, initial={"username": self.request.POST.get("username", "")})
        context = self.get_context_data(form=form, refusal=text)
        return self.render_to_response(context, status=429, headers={"Retry-After": str(wait)})


def _account(_group: str, request: HttpRequest) -> str:
    """The account that is meant, however its name is written."""
    name = unicodedata.normalize("NFKC", request.POST.get("username", ""))
    return name.strip().lower()


def _account_here(group: str, request: HttpRequest) -> str:
    return f"{request.META.get('REMOTE_ADDR', '')} {_account(group, request)}"


def _tries(request: HttpRequest, group: str, key: Any, *, count: bool, times: int = 1) -> int:
    """Seconds to wait, 0 where one may go on; ``times`` as many tries as ``RATE_LOGIN`` says."""
    number, _slash, period = str(settings.RATE_LOGIN).partition("/")
    rate = f"{int(number) * times}/{period}"
    usage = get_usage(request, group=f"login:{group}", key=key, rate=rate, method="POST", increment=count)
    return max(1, usage["time_left"]) if usage and usage["should_limit"] else 0


class Logout(LogoutView):
    """POST only; the session's row is deleted, so every process knows at once."""

    access = PUBLIC


class PasswordChange(PasswordChangeView):
    access = SIGNED_IN
    form_class = OwnPasswordForm
    template_name = "administration/password_change.html"
    success_url = reverse_lazy("tenancy:settings")

    def form_valid(self, form: Any) -> HttpResponse:
        password = form.cleaned_data["new_password1"]
        accounts.change_password(
            user=form.user, password=password, actor=getattr(self.request, "actor", None)
        )
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, _("The password is changed. Other devices are logged out."))
        return HttpResponseRedirect(str(self.success_url))

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and appearance. A script that only keeps the appearance gets 204."""
    user: Any = request.user
    if request.method != "POST":
        form = PreferencesForm(initial={"language": user.language, "theme": user.theme})
        return render(request, "administration/settings.html", {"form": form})
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return render(request, "administration/settings.html", {"form": form}, status=422)
    accounts.set_preferences(user=user, **form.given())
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    messages.success(request, _("The settings are saved."))
    return redirect("tenancy:settings")


@signed_in
@require_POST
def switch_company(request: HttpRequest) -> HttpResponse:
    """Work in another company from now on. One that the user is no member of is not found."""
    try:
        wanted = uuid.UUID(request.POST.get("company", ""))
    except ValueError as error:
        raise NotFound from error
    user: Any = request.user
    company = companies_of(user).filter(uuid=wanted).first()
    if company is None:
        raise NotFound
    remember_company(request.session, company)
    # a form that is still open in another tab was filled in for the other company: it is not taken in this one
    rotate_token(request)
    # the page one came from belongs to the other company
    return redirect("/")


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Django's, which sets the cookie and leads back on this host only; and the account remembers it."""
    response = set_language(request)
    language = request.POST.get("language", "")
    user: Any = request.user
    if language in dict(settings.LANGUAGES) and user.is_authenticated:
        accounts.set_preferences(user=user, language=language)
    return response
