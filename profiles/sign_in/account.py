"""allauth's forms with our changes (ACCOUNT_FORMS): each text field has a maximum length."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.models.user import normalised
from profiles.sign_in.limited import Limited
from profiles.sign_in.password_reset import send_reset_link
from profiles.sign_in.refusing import refusal
from shared.emails import email_field_like, same_mailbox
from shared.passwords import lazy_requirements
from tenants.context import required
from tenants.events import emit

LONGEST = 1000  # Characters, as for all passwords: hashing and comparing a megabyte takes long.


class Bounded(forms.Form):
    """Gives a maximum length to text fields without one: all of allauth's, except e-mail addresses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = LONGEST
                field.validators.append(MaxLengthValidator(LONGEST))
                field.widget.attrs["maxlength"] = str(LONGEST)


class LoginForm(Limited, Bounded, account.LoginForm):
    limit = "sign_in_page"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if required().is_sandbox:
            self.fields["password"].help_text = ""  # allauth's link to a mail that would never arrive

    def clean_login(self) -> str:
        """A username or an address, in any spelling: allauth compares them once more with the member's own."""
        return normalised(super().clean_login())


# On the fields and in the summary of errors alike.
LABELS = {
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password (again)"),
}


class NewPassword(Limited, Bounded):
    """States in one line what a new password needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = lazy_requirements()
        for name in LABELS.keys() & self.fields.keys():
            self.fields[name].label = LABELS[name]


class OwnPassword(NewPassword):
    """The form of a member who is signed in."""

    limit = "change_password"

    @transaction.atomic
    def save(self) -> None:
        super().save()  # type: ignore[misc]  # allauth's form, which comes after this one
        emit("password.changed", self.user, by=self.user)  # type: ignore[attr-defined]


class ChangePasswordForm(OwnPassword, account.ChangePasswordForm):
    pass


class SetPasswordForm(OwnPassword, account.SetPasswordForm):
    pass


class ResetPasswordForm(Limited, Bounded, account.ResetPasswordForm):
    """Does the same work for known and unknown addresses; the worker does the rest."""

    limit = "ask_for_reset"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field_like(self.fields["email"])

    def account(self) -> str:
        return same_mailbox(str(self.data.get("email", "")))

    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"])
        self.users = list(User.objects.active().filter(email=email))
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """A member who could not sign in with the new password gets no link."""
        member = self.users[0] if self.users else None
        is_refused = bool(refusal(request, member))
        send_reset_link.defer(pk=member.pk if member and not is_refused else 0)
        return self.cleaned_data["email"]


class ResetPasswordKeyForm(NewPassword, account.ResetPasswordKeyForm):
    limit = "reset_password"
    user: User

    def clean(self) -> Any:
        """The link may be older than what refuses the member now."""
        if words := refusal(context.request, self.user):
            raise ValidationError(words, code="refused")
        return super().clean()

    @transaction.atomic
    def save(self) -> None:
        """Set the password. Of two requests with one link at the same moment, the second raises PermissionDenied."""
        present = User.objects.active().select_for_update().filter(pk=self.user.pk).first()
        if present is None or not account.default_token_generator.check_token(present, self.temp_key):
            raise PermissionDenied
        self.user = present
        super().save()
        emit("password.changed", present, by=present)


class ReauthenticateForm(Limited, Bounded, account.ReauthenticateForm):
    limit = "confirm_password"
