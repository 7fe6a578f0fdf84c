"""allauth's hooks: no open sign-up, mail through the queue, and links that do not depend on the Host header."""

import contextlib
from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.language import in_words_of
from profiles.mail import outbox
from profiles.models import User
from profiles.models.user import normalised
from profiles.sign_in import limits, time_zone, verification
from profiles.sign_in.refusing import refusal
from shared.emails import canonical_email, same_mailbox
from tenants.context import required
from tenants.events import emit
from tenants.limits.addresses import client_address
from tenants.limits.counting import TooOften
from tenants.limits.forms import again, in_words

WRONG_PASSWORD = _("The username or email and the password do not match. Please check both.")
DEACTIVATED = _("Your account is deactivated. Ask an owner or admin of %(organisation)s to reactivate it.")

# The words for each way to confirm who one is, by allauth's id of it. Capabilities add theirs when they are ready.
CONFIRM_BY = {"reauthenticate": _("Use your password")}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_PASSWORD,
        "username_password_mismatch": WRONG_PASSWORD,
        "email_taken": _("A member already has this email address."),
        "username_taken": _("A member already has this username. Choose another one."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This password is not correct."),
        "incorrect_code": _("This code is not correct. Enter the current one."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """As in allauth, whose messages about limits do not say when to try again."""
        if code in {"too_many_login_attempts", "rate_limited"}:
            return ValidationError(in_words(limits.wait(context.request)), code=code)
        return super().validation_error(code, *args)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People join an organisation by invitation (profiles/invitations/changes.py)."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Allow `next` to lead to this host only.

        allauth allows all of ALLOWED_HOSTS, which includes other organisations' sites.
        """
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def clean_email(self, email: str) -> str:
        """Return the address in its canonical form, for all of allauth's forms. Raises ValidationError."""
        return canonical_email(super().clean_email(email))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """As in allauth. A deactivated member is told so, but only after the correct password."""
        user = super().authenticate(request, **one_name(credentials))
        if user is not None and not user.is_active:
            raise ValidationError(DEACTIVATED % {"organisation": required().name}, code="account_inactive")
        return user

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        """As in allauth. Capabilities can refuse a member's sign-in, in words (sign_in_checks)."""
        refused = super().pre_login(request, user, **hooks)
        words = "" if refused else refusal(request, user)
        if not words:
            return refused
        clear_login(request)
        messages.error(request, words)
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        time_zone.note(request, user)
        return super().post_login(request, user, **hooks)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """As in allauth, which does not check whether another member has this address by now."""
        others = User.objects.exclude(pk=email_address.user_id)
        if others.filter(email=email_address.email).exists():
            text = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, text, {"email": email_address.email})
            return False
        before = email_address.user.email
        with transaction.atomic():
            # Before the address, as in profiles/members/changes.py.
            User.objects.select_for_update().filter(pk=email_address.user_id).first()
            carry_name_along(email_address)
            confirmed = super().confirm_email(request, email_address)
            emit("email.changed", email_address.user, by=email_address.user, email=(before, email_address.email))
            transaction.set_rollback(not confirmed)
        return confirmed

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """As in allauth, in our words."""
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": CONFIRM_BY.get(way["id"], way["description"])} for way in ways]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or super().get_client_ip(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt, as allauth does, but so that no one can lock another person out."""
        try:
            self._login_failed_rl_usage = limits.Attempt(request, account_of(named(credentials)))
        except TooOften as error:
            words = gettext("Too many attempts to sign in. Your password was not checked.")
            raise ValidationError(" ".join([words, again(error.wait)]), code="too_many_login_attempts") from error

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        limits.forget_attempts(request, account_of(named(credentials)))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """As in allauth, but with a limit per hour, so that no mailbox is flooded.

        The page does not show it. The links that were sent work for days, so no one is locked out.
        """
        with contextlib.suppress(TooOften):
            limits.take_for("reset", user.pk)
            super().send_password_reset_mail(user, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = path_to("account_reset_password_from_key", uidb36="UID", key="KEY")
        return required().url(path.replace("UID-KEY", key))

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: EmailConfirmation, signup: bool) -> None:
        """Raises TooOften, which the page shows, if the mailbox has had several from all organisations together."""
        verification.count(emailconfirmation.email_address.email)
        verification.send_link(emailconfirmation)

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {required().name}"

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """As in allauth, which does not tell send_mail() who the recipient is."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's messages. What they call the site is the organisation, under its canonical host."""
        organisation = required()
        own = {
            "email": email,
            "current_site": SimpleNamespace(name=organisation.name, domain=organisation.domain),
            "organisation": organisation,
            "password_reset_url": organisation.url(path_to("account_reset_password")),
        }
        with in_words_of(context.get("user")):
            message = self.render_mail(template_prefix, email, {**own, **context})
        html = next((part.content for part in getattr(message, "alternatives", [])), "")
        outbox.queue(to=email, subject=message.subject, text=message.body, html=html)


def carry_name_along(address: EmailAddress) -> None:
    """Change a username that is the member's address along with it: the old address may become another person's."""
    user = address.user
    if "@" in user.username:
        user.username = user.email = address.email
        user.save(update_fields=["username", "email"])


def named(credentials: dict[str, Any]) -> str:
    """What was typed as username or address, in its canonical spelling.

    allauth counts it together with the Host header, so that each port in there gives new attempts.
    """
    return normalised(str(credentials.get("email") or credentials.get("username") or ""))


def account_of(typed: str) -> str:
    """The key under which attempts are counted: the member with this username or address, else what was typed.

    One statement, whether it finds a member or not. PostgreSQL compares usernames: of "İ", Python's small letter is
    another name.
    """
    by_email = User.objects.filter(email=typed).annotate(rank=Value(0)).values_list("pk", "rank")
    by_listed = EmailAddress.objects.filter(email=typed).annotate(rank=Value(1)).values_list("user_id", "rank")
    by_name = User.objects.filter(username__iexact=typed).annotate(rank=Value(2)).values_list("pk", "rank")
    found = by_email.union(by_listed, by_name).order_by("rank").first()
    return f"member {found[0]}" if found else typed.upper()


def one_name(credentials: dict[str, Any]) -> dict[str, Any]:
    """Credentials with an email address or a username. allauth passes what was typed as both.

    It would then check the password once for each, and its response time would show that an address is known.
    """
    if "email" in credentials:
        credentials = {**credentials, "email": same_mailbox(credentials["email"])}
    if "email" not in credentials or "username" not in credentials:
        return credentials
    owned = User.objects.filter(email=credentials["email"]).exists()
    listed = EmailAddress.objects.filter(email=credentials["email"]).exists()
    return {name: value for name, value in credentials.items() if name != ("username" if owned or listed else "email")}


def path_to(name: str, **values: str) -> str:
    """A path on an organisation's site, in a request or a job."""
    return reverse(name, kwargs=values, urlconf=settings.ROOT_URLCONF)
