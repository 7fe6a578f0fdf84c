"""allauth's forms of passkeys: what browsers send is bounded, and every text gets a form's answer (MFA_FORMS)."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from profiles.sign_in.account import Bounded
from profiles.sign_in.limited import Limited
from shared.storable import is_storable
from tenants.events import emit

# Of one member. Each sign-in reads them all.
MOST = 20
# Characters. An answer has about 1,000; with an attestation of its maker, a key sends a few thousand.
LONGEST = 20_000
# What reading a credential raises that is none: it is JSON, CBOR and keys, in three libraries.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, NotImplementedError)
NAME = forms.CharField(
    label=_("Name"), max_length=100, required=False, help_text=_("So that you recognise it in the list.")
)


class CredentialField(forms.JSONField):
    """An answer of navigator.credentials."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid"), _("The browser sent no passkey. Please try again."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            found = super().to_python(value)
        except (RecursionError, ValueError) as error:  # Too deep, or a number of more than 4,300 digits.
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if found is not None and not (isinstance(found, dict) and is_storable(found)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class AnswerForm(forms.Form):
    """What the browser answers when a member confirms with a passkey."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's form, which comes after this one
        except ValidationError as error:
            raise unknown() if error.code == "incorrect_code" else error from error
        except UNREADABLE as error:
            raise unknown() from error


def unknown() -> ValidationError:
    words = _("This passkey is not known here, or it was not confirmed in time. Try again, or sign in another way.")
    return ValidationError(words, code="unknown")


class SignInForm(AnswerForm, webauthn.LoginWebAuthnForm):
    credential = CredentialField()


class SecondStepForm(AnswerForm, webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()


class ConfirmForm(Limited, AnswerForm, webauthn.ReauthenticateWebAuthnForm):
    limit = "confirm_password"
    credential = CredentialField()


class AddForm(Bounded, webauthn.AddWebAuthnForm):
    """Each passkey signs in without a password: the browser has to check a fingerprint, a face or a PIN."""

    name = NAME
    credential = CredentialField()
    passwordless = None

    def clean(self) -> dict[str, Any] | None:
        if self.user.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN).count() >= MOST:
            words = _("You can have %(most)s passkeys. Remove one first.")
            raise ValidationError(words, code="too_many", params={"most": MOST})
        self.cleaned_data["passwordless"] = True
        try:
            return super().clean()
        except ValidationError as error:
            raise unknown() if error.code == "incorrect_code" else error from error
        except UNREADABLE as error:
            raise unknown() from error


class NameForm(Bounded, webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=100)

    def save(self) -> Any:
        before = self.instance.wrap().name
        saved = super().save()
        emit("passkey.renamed", self.instance.user, by=self.instance.user, name=(before, self.cleaned_data["name"]))
        return saved
