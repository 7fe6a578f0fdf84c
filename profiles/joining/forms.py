"""Forms for the join link, for requests, and for the people who use either."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from profiles.joining.links import MOST_USES
from profiles.joining.models import ROLES, Joining
from profiles.models import User
from profiles.roles import granted_roles
from shared.emails import EmailField, ascii_domain
from tenants.organisations.fields import OneLineField

# A link's uses are counted by its invitations, which are kept for this many days.
DAYS = [days for days in (1, 7, 30, 90) if days <= settings.KEPT_DAYS["invitations"]]
LONGEST = Joining._meta.get_field("domains").max_length


def day_choices() -> list[tuple[int, str]]:
    """A function, so that they are in the language of the request."""
    return [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in DAYS]


class LinkForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), help_text=_("Of everyone who joins by the link."))
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=day_choices,
        initial=7,
        coerce=int,
    )
    most_uses = forms.IntegerField(
        label=_("Number of people"),
        help_text=_("How many can join by the link. Leave it empty for any number."),
        min_value=1,
        max_value=MOST_USES,
        required=False,
    )
    domains = forms.CharField(
        label=_("Email domains"),
        help_text=_(
            "Only people with such an address can join, such as example.com, example.org. Leave it empty for all."
        ),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [choice for choice in granted_roles(actor) if choice[0] in ROLES]  # type: ignore[attr-defined]
        self.fields["role"].initial = ROLES[-1]

    def clean_domains(self) -> str:
        """The domains in their DNS (ASCII) form, separated by spaces."""
        typed = re.split(r"[\s,;]+", self.cleaned_data["domains"])
        return " ".join(dict.fromkeys(domain(each) for each in typed if each.strip("@")))


def domain(typed: str) -> str:
    try:
        name = ascii_domain(typed.rpartition("@")[2])
        validate_domain_name(name)
    except ValidationError as error:
        raise ValidationError(_("%(typed)s is not a domain."), code="domain", params={"typed": typed}) from error
    if "." not in name:
        raise ValidationError(_("%(typed)s is not a domain."), code="domain", params={"typed": typed})
    return name


class RequestsForm(forms.Form):
    takes_requests = forms.BooleanField(
        label=_("People can ask to join on the sign-in page"),
        help_text=_("Owners and admins decide about each request, and get an email when there are new ones."),
        required=False,
    )


class ByLinkForm(forms.Form):
    """The name and address of a person who has opened the link."""

    name = OneLineField(label=_("Full name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = EmailField(label=_("Email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class AskForm(ByLinkForm):
    message = forms.CharField(
        label=_("Message"),
        help_text=_("Say who you are, so that the owners and admins know you."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
