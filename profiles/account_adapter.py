"""allauth's hooks: no open sign-up, mail by the queue, links on the canonical address."""

from typing import Any
from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from django.http import HttpRequest
from django.urls import reverse

from profiles import mail, verification
from tenants.context import required


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People join an organisation by invitation (profiles/invitations.py)."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return required().url(path.replace("UID-KEY", key))

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: EmailConfirmation, signup: bool) -> None:
        verification.send_link(emailconfirmation)

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {required().name}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's own messages. What they call the site is the organisation, by its canonical name."""
        organisation = required()
        site = SimpleNamespace(name=organisation.name, domain=organisation.domain)
        message = self.render_mail(
            template_prefix, email, {"email": email, "current_site": site, "organisation": organisation, **context}
        )
        html = next((part.content for part in getattr(message, "alternatives", [])), "")
        mail.queue(to=email, subject=message.subject, text=message.body, html=html)
