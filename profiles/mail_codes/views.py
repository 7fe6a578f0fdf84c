"""Asking for a code, and signing in with it. Pages and work are the same for addresses that no member has."""

import time
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.mixins import NextRedirectMixin
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from profiles.mail_codes.forms import AskForm, CodeForm
from profiles.mail_codes.models import MINUTES, TRIES, MailCode
from profiles.mail_codes.sending import send_code
from profiles.models import User
from profiles.sign_in.refusing import refusal
from shared.session_values import NUMBER, session_value
from tenants.events import emit

KEY = "mail_code"  # in the session
SHAPE = {"member": int, "browser": str, "email": str, "at": NUMBER, "tries": int}


@method_decorator([login_not_required, never_cache], name="dispatch")
class Page(NextRedirectMixin, FormView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return redirect("home")
        return self.instead() or super().dispatch(request, *args, **kwargs)

    def instead(self) -> HttpResponse | None:
        """The answer where this page has nothing to show."""
        return None


class AskView(Page):
    form_class = AskForm
    template_name = "profiles/mail_code.html"

    def form_valid(self, form: AskForm) -> HttpResponse:
        """The job makes the code and the mail, so that this page takes as long for each address.

        A member who could not sign in with a code gets none.
        """
        email = form.cleaned_data["email"]
        member = User.objects.active().filter(email=email).first()
        is_refused = bool(refusal(self.request, member))
        state = {"member": member.pk if member and not is_refused else 0, "browser": get_random_string(32)}
        send_code.defer(pk=state["member"], browser=state["browser"])
        self.request.session[KEY] = state | {"email": email, "at": time.time(), "tries": 0}
        return redirect(self.passthrough_next_url(reverse("confirm_mail_code")))


class ConfirmView(Page):
    form_class = CodeForm
    template_name = "profiles/confirm_mail_code.html"
    state: dict[str, Any]

    def instead(self) -> HttpResponse | None:
        state = session_value(self.request, KEY, SHAPE)
        if state is None:
            return redirect("mail_code")
        self.state = state
        if time.time() - self.state["at"] > MINUTES * 60:
            return self.again(_("The code is no longer valid. Ask for a new one."))
        return None

    def again(self, words: str) -> HttpResponse:
        del self.request.session[KEY]
        messages.error(self.request, words)
        return redirect(self.passthrough_next_url(reverse("mail_code")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(email=self.state["email"], minutes=MINUTES, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        member, browser = self.state["member"], self.state["browser"]
        if not MailCode.objects.use(form.cleaned_data["code"], member=member, browser=browser):
            return self.refuse(form)
        # Not if the member has another address by now: the code went to the one before.
        user = User.objects.active().filter(pk=member, email=self.state["email"]).first()
        if user is None:
            return self.refuse(form)
        del self.request.session[KEY]
        emit("mail_code.used", user, by=user)
        record_authentication(self.request, user, method="code", email=self.state["email"])
        return perform_login(self.request, Login(user=user, email=self.state["email"]))

    def refuse(self, form: CodeForm) -> HttpResponse:
        """The session counts for the words alone; the row counts for the member."""
        self.state["tries"] += 1
        self.request.session[KEY] = self.state
        if self.state["tries"] >= TRIES:
            return self.again(_("This code was wrong too often. Ask for a new one."))
        form.add_error("code", _("This code is not correct, or no longer valid."))
        return self.form_invalid(form)


ask = AskView.as_view()
confirm = ConfirmView.as_view()
