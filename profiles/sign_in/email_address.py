"""The form that changes a member's own email address (ACCOUNT_FORMS)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.db import transaction
from django.http import HttpRequest

from profiles.models import User
from profiles.sign_in.limited import Limited
from shared.emails import email_field_like
from tenants.events import emit


class EmailAddressForm(Limited, AddEmailForm):
    limit = "change_email"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field_like(self.fields["email"])

    def clean_email(self) -> str:
        """Refuse an address that this account or another member already has.

        allauth accepts another member's and fails when the link is opened. It also refuses a change to all members
        with a second factor; here an address counts only after its link was opened.
        """
        email = get_adapter().clean_email(self.cleaned_data["email"])
        if any(owner.pk == self.user.pk for owner in filter_users_by_email(email)):
            raise get_adapter().validation_error("duplicate_email")
        if User.objects.exclude(pk=self.user.pk).filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    @transaction.atomic
    def save(self, request: HttpRequest) -> EmailAddress:
        """Store the new address and send its link. The current one stays until the link is opened.

        allauth would drop an unverified current address at once, and with it a way to sign in.
        """
        EmailAddress.objects.filter(user=self.user, primary=False, verified=False).exclude(
            email__iexact=self.user.email
        ).delete()
        address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        emit("email.requested", self.user, by=self.user, email=(self.user.email, address.email))
        send_verification_email_to_address(request, address)
        return address
