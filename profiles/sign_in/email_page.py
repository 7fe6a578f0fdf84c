"""The page of a member's own email address: allauth's, with messages about limits in the form or above it."""

from typing import Any

from allauth.account import views as allauth
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from profiles.sign_in.email_address import EmailAddressForm
from tenants.limits.counting import TooOften
from tenants.limits.forms import in_words, refusal_of


class EmailView(allauth.EmailView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count what the buttons of an existing address do; the form counts new addresses."""
        if "action_add" in request.POST:
            return super().post(request, *args, **kwargs)
        if refusal := refusal_of(request, "change_email", account=str(request.user.pk)):
            messages.error(request, refusal.message)
            return redirect("account_email")
        try:
            return super().post(request, *args, **kwargs)
        except TooOften as error:  # The mailbox has had several mails already.
            messages.error(request, in_words(error.wait))
            return redirect("account_email")

    def form_valid(self, form: EmailAddressForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except TooOften as error:
            self.request.has_to_wait = error.wait
            form.add_error("email", in_words(error.wait))
            return self.form_invalid(form)


email = EmailView.as_view()
