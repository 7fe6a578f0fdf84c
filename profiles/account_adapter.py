"""allauth's hooks: no open sign-up, mail by the queue, and nothing that the Host header could bend."""

from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from profiles import mail, verification
from profiles.models import User
from tenants.context import required


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People join an organisation by invitation (profiles/invitations.py)."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where `next` may lead: on this host only.

        allauth lets it lead to all of ALLOWED_HOSTS, and those are other organisations' sites as well.
        """
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """As in allauth, which would tell the right password of somebody deactivated from a wrong one."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """As in allauth, which does not look whether the address has become somebody else's meanwhile."""
        others = User.objects.exclude(pk=email_address.user_id)
        if others.filter(email__iexact=email_address.email).exists():
            text = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, text, {"email": email_address.email})
            return False
        return super().confirm_email(request, email_address)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose failed attempts are counted. Keys are the tenant's own already (tenants/cache.py).

        allauth puts the Host header in, so that each port that somebody writes there would give new attempts.
        """
        return str(credentials.get("email") or credentials.get("username") or "").lower()

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = path_to("account_reset_password_from_key", uidb36="UID", key="KEY")
        return required().url(path.replace("UID-KEY", key))

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation, signup: bool
    ) -> None:
        verification.send_link(emailconfirmation)

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {required().name}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's own messages. What they call the site is the organisation, by its canonical name."""
        organisation = required()
        own = {
            "email": email,
            "current_site": SimpleNamespace(name=organisation.name, domain=organisation.domain),
            "organisation": organisation,
            "password_reset_url": organisation.url(path_to("account_reset_password")),
        }
        message = self.render_mail(template_prefix, email, {**own, **context})
        html = next((part.content for part in getattr(message, "alternatives", [])), "")
        mail.queue(to=email, subject=message.subject, text=message.body, html=html)


def path_to(name: str, **values: str) -> str:
    """A path on an organisation's site, wherever this runs."""
    return reverse(name, kwargs=values, urlconf=settings.ROOT_URLCONF)


class TwoFactorAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        """What an authenticator app calls the account's place: the organisation, not the Host header."""
        return required().name
