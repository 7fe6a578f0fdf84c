"""The sign-up form for organisations."""

import logging
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import (
    UserAttributeSimilarityValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shared.emails import EmailField
from shared.passwords import lazy_requirements
from tenants.errors import NoSpare
from tenants.organisations.fields import OneLineField, SlugField
from tenants.organisations.sign_up import SignedUp, check_slug, free_slug, sign_up

logger = logging.getLogger(__name__)

NOT_READY = _(
    "We are preparing space for new organisations. Your entries are fine: "
    "enter your password again, and send the form again in a minute."
)


class SignUpForm(forms.Form):
    organisation = OneLineField(
        label=_("Name of the organisation"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "placeholder": "Northern Lights"}),
    )
    slug = SlugField(help_text=_("The address of your workspace. You can change it later."))
    # The last proposal. If the slug differs from it, the person typed it, and it is not replaced.
    proposed = forms.CharField(required=False, max_length=63, widget=forms.HiddenInput)
    name = OneLineField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = EmailField(
        label=_("Your email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        help_text=lazy_requirements(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_slug(self) -> str:
        check_slug(self.cleaned_data["slug"])
        return self.cleaned_data["slug"]

    def clean(self) -> None:
        """Check the password last, since it must not resemble the other values."""
        if "password" not in self.cleaned_data:
            return
        try:
            validate_password(self.cleaned_data["password"], self._person(), validators())
        except ValidationError as error:
            self.add_error("password", error)

    def _person(self) -> Any:
        """An unsaved owner with this form's values, for the password validators."""
        organisation, name, email = (self.cleaned_data.get(key, "") for key in ("organisation", "name", "email"))
        first, _, last = name.partition(" ")
        person: Any = get_user_model()(first_name=first, last_name=last, email=email)
        person.organisation = organisation
        return person

    def save(self, *, once: bytes | None = None) -> SignedUp | None:
        """Sign up. Returns None, with an error on the form, if there is no spare or the address has just been taken,
        perhaps by the same form sent twice (tenants/once/doing.py).
        """
        values = {name: value for name, value in self.cleaned_data.items() if name != "proposed"}
        try:
            return sign_up(**values, once=once)
        except ValidationError as error:
            # The error is by field, except for an address that has just been taken.
            self.add_error(None if hasattr(error, "error_dict") else "slug", error)
        except NoSpare:
            logger.exception("A sign-up failed for want of a spare tenant.")
            self.add_error(None, ValidationError(NOT_READY, code="not_ready"))
        return None


def validators() -> list[Any]:
    """The password validators of the settings, and one that compares with the organisation's name."""
    return [*get_default_password_validators(), UserAttributeSimilarityValidator(["organisation"])]


def with_proposal(data: dict[str, str]) -> dict[str, str]:
    """The typed values. If the person has not chosen a slug, it is proposed from the organisation's name."""
    if data["slug"] in ("", data["proposed"]):
        proposal = free_slug(data["organisation"])
        return {**data, "slug": proposal, "proposed": proposal}
    return data
