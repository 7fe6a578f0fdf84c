"""The forms by which an owner sets single sign-on up, and switches it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.own_sign_in.calls import caller
from profiles.own_sign_in.models import Provider, State
from profiles.role_lines import GIVEN, parsed
from profiles.roles import Role
from shared.capabilities.registry import functions

PLAIN = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class ProviderForm(forms.ModelForm):
    """Its secret is the one that was entered, and not the model's, which is encrypted."""

    field_order = ("name", "issuer", "client_id", "secret")
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs=PLAIN | {"autocomplete": "new-password"}),
        help_text=_("Stored encrypted, and never shown again. Leave this empty to keep the present one."),
    )

    class Meta:
        model = Provider
        fields = ["name", "issuer", "client_id", "scopes", "trusts_addresses"]
        fields += ["makes_members", "own_domains_only", "role", "takes_names", "takes_photos"]
        fields += ["groups_claim", "roles"]
        widgets = {
            "issuer": forms.URLInput(attrs=PLAIN | {"placeholder": "https://"}),
            "client_id": forms.TextInput(attrs=PLAIN),
            "scopes": forms.TextInput(attrs=PLAIN),
            "groups_claim": forms.TextInput(attrs=PLAIN),
            "roles": forms.Textarea(attrs={"rows": 4, "dir": "auto", "spellcheck": "false"}),
        }
        help_texts = {
            "name": _("As your members know it. The button on the sign-in page shows it."),
            "issuer": _("The address of your provider, exactly as it gives it. It has to begin with https://."),
            "scopes": _("With spaces between. openid is always needed."),
            "trusts_addresses": _(
                "On: members who sign in for the first time are recognised by their email address, and all addresses "
                "of the provider count as verified. Off: they sign in once in another way to confirm it. Owners always "
                "do."
            ),
            "makes_members": _("On: people without an invitation become members when they sign in for the first time."),
            "own_domains_only": _(
                "On: all others need an invitation. Off: contractors and guests at your provider become members too."
            ),
            "takes_names": _("On: new members have the name that the provider gives. They can change it."),
            "takes_photos": _(
                "On: new members have the picture of the provider (claim picture), if it is at a public address."
            ),
            "roles": _(
                "One line each, such as: Engineering = editor. The first line with a group of the member gives their "
                "role, at each sign-in. Members of none keep their role. Owners always stay owners."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.secret:
            self.fields["secret"].required = True
            self.fields["secret"].help_text = _("Stored encrypted, and never shown again.")
        if not (functions("owns_address") or self.instance.own_domains_only):
            del self.fields["own_domains_only"]
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in GIVEN]  # type: ignore[attr-defined]

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        caller().checked(issuer)
        return issuer

    def clean_scopes(self) -> str:
        """Each once, openid first."""
        return " ".join(dict.fromkeys(["openid", *self.cleaned_data["scopes"].split()]))

    def clean_roles(self) -> str:
        parsed(self.cleaned_data["roles"])
        return str(self.cleaned_data["roles"])


class StateForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Single sign-on is"),
        widget=forms.RadioSelect,
        choices=[
            (State.TESTED, _("Off")),
            (State.ON, _("On: members choose how they sign in")),
            (State.REQUIRED, _("Required: only owners have other ways to sign in")),
        ],
    )
