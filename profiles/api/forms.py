"""Forms for a new token, a new service, and the organisation's policy."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profiles.api import scopes
from profiles.api.changes import Wishes, network
from profiles.api.models import TokenPolicy
from profiles.models import User
from profiles.roles import Role, granted_roles
from tenants.events import emit
from tenants.organisations.fields import OneLineField

DAYS = (7, 30, 90, 365)
NEVER = "never"


def days_choices() -> list[tuple[str, str]]:
    return [(str(days), ngettext("In %(n)s day", "In %(n)s days", days) % {"n": days}) for days in DAYS]


class TokenForm(forms.Form):
    """The purpose and the rights of a new token."""

    name = OneLineField(label=gettext_lazy("Name"), help_text=gettext_lazy("What you use it for."), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        help_text=gettext_lazy("It can never do more than you can."),
        choices=scopes.choices,
        initial=[scopes.READ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    expires = forms.ChoiceField(
        label=gettext_lazy("Expires"), choices=lazy(days_choices, list), initial=str(settings.API_TOKEN_DAYS)
    )
    networks = forms.CharField(
        label=gettext_lazy("Allowed addresses"),
        help_text=gettext_lazy(
            "IP addresses or ranges, separated by spaces, such as 203.0.113.7 2001:db8:7::/64. "
            "If empty, all are allowed."
        ),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, policy: TokenPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if policy.may_never_expire:
            field: Any = self.fields["expires"]
            field.choices = [*field.choices, (NEVER, _("Never"))]

    def clean_scopes(self) -> list[str]:
        """Reduce the scopes: with the scope for everything, others are redundant."""
        chosen = self.cleaned_data["scopes"]
        others = ([each for each in chosen if each != scope] for scope in chosen)
        fewest = [scope for scope, other in zip(chosen, others, strict=True) if not scopes.covers(other, scope)]
        if len(" ".join(fewest)) > 200:
            raise ValidationError(_("These are too many. Choose “Everything” instead."), code="too_many")
        return fewest

    def clean_networks(self) -> str:
        return " ".join(map(network, self.cleaned_data["networks"].replace(",", " ").split()))

    def wishes(self) -> Wishes:
        given = self.cleaned_data
        days = given["expires"]
        expires = None if days == NEVER else timezone.now() + timedelta(days=int(days))
        scopes = given.get("scopes", [])  # a form of another app may be without
        return Wishes(name=given["name"], scopes=scopes, networks=given["networks"], expires=expires)


class ServiceForm(TokenForm):
    """A service: name, role and first token."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), help_text=gettext_lazy("A service can't be an owner."))
    field_order = ["name", "role", "scopes", "expires", "networks"]

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = [choice for choice in granted_roles(actor) if choice[0] != Role.OWNER]
        field.initial = Role.READER
        self.fields["name"].help_text = _("Members see it in the list of people.")
        self.fields["scopes"].help_text = _("It can never do more than its role allows.")


class PolicyForm(forms.ModelForm):
    class Meta:
        model = TokenPolicy
        fields = ["members_make_tokens", "may_never_expire"]

    @transaction.atomic
    def save(self, commit: bool = True) -> TokenPolicy:
        if self.changed_data:
            changes: dict[str, Any] = {
                name: (self.initial[name], self.cleaned_data[name]) for name in self.changed_data
            }
            emit("token.policy_changed", self.instance, **changes)
        return super().save(commit)
