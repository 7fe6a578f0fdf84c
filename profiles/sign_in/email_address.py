"""The form that changes a member's own email address (ACCOUNT_FORMS)."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest

from profiles.models import User


class EmailAddressForm(AddEmailForm):
    def clean_email(self) -> str:
        """As in allauth, which accepts a colleague's address here and then fails when the link is opened."""
        email = super().clean_email()
        if User.objects.exclude(pk=self.user.pk).filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    @transaction.atomic
    def save(self, request: HttpRequest) -> EmailAddress:
        """Note the new address and send its link. The present one stays until the link has been opened.

        allauth would drop a present one that is not verified at once, and with it a way to sign in.
        """
        EmailAddress.objects.filter(user=self.user, primary=False, verified=False).exclude(
            email__iexact=self.user.email
        ).delete()
        address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address
