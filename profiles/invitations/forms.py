"""Forms to send and to accept an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from profiles.invitations.changes import USERNAME_TAKEN, check_address
from profiles.models import Invitation, User
from profiles.models.user import USERNAME_VALIDATORS, check_own_address, kept_usernames, normalised
from profiles.role_form import RoleForm
from profiles.roles import Role
from profiles.sign_in.usernames import free_username
from shared.emails import EmailField
from shared.passwords import lazy_requirements
from tenants.organisations.fields import OneLineField


class InvitationForm(RoleForm):
    """The person to invite, their role, and a personal message."""

    email = EmailField(label=_("Email address"))
    message = forms.CharField(
        label=_("Personal message"),
        help_text=_("We add it to the email."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ["email", "role", "message"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = Role.READER

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        check_address(email)
        return email


class AcceptForm(forms.Form):
    """Name, username and password of the invited person."""

    email = EmailField(label=_("Email address"), disabled=True)
    name = OneLineField(label=_("Full name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = UsernameField(
        label=_("Username"),
        help_text=_("Part of your profile's address. Letters, digits and . + - _ only, or your own email address."),
        max_length=150,
        validators=USERNAME_VALIDATORS,
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        help_text=lazy_requirements(),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = invitation.email
        self.fields["name"].initial = invitation.name
        self.fields["username"].initial = free_username(invitation.email)

    def clean_username(self) -> str:
        username = normalised(self.cleaned_data["username"])
        try:
            check_own_address(username, self.fields["email"].initial)
        except ValidationError as refusal:
            raise ValidationError(refusal.messages) from refusal
        if User.objects.filter(username__iexact=username).exists() or kept_usernames([username]):
            raise ValidationError(USERNAME_TAKEN)
        return username

    def clean(self) -> dict[str, Any]:
        """Validate the password against the other typed values, even if those are not valid yet."""
        typed = self.cleaned_data
        if "password" in typed:
            person = User(
                username=typed.get("username", ""),
                first_name=typed.get("name", ""),
                email=typed.get("email", ""),
            )
            try:
                validate_password(typed["password"], person)
            except ValidationError as errors:
                self.add_error("password", errors)
        return typed
