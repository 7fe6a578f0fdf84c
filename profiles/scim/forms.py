"""The forms by which an owner sets provisioning up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.api.forms import TokenForm
from profiles.api.models import TokenPolicy
from profiles.role_lines import GIVEN, parsed
from profiles.roles import Role
from profiles.scim.models import Directory
from profiles.scim.offered import ENDPOINTS


class DirectoryForm(forms.ModelForm):
    class Meta:
        model = Directory
        fields = ["role", "roles", "sends_mail"]
        widgets = {"roles": forms.Textarea(attrs={"rows": 4, "dir": "auto", "spellcheck": "false"})}
        help_texts = {
            "role": _("Your directory never makes owners."),
            "roles": _(
                "One line each, such as: Engineering = editor. The first line with a group of the member gives their "
                "role, as soon as your directory changes the group. Members of none get the role above."
            ),
            "sends_mail": _("Switch this off if your members use single sign-on only."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in GIVEN]  # type: ignore[attr-defined]
        if "Groups" not in ENDPOINTS:
            del self.fields["roles"]

    def clean_roles(self) -> str:
        parsed(self.cleaned_data["roles"])
        return str(self.cleaned_data["roles"])


class ScimTokenForm(TokenForm):
    """A token for the directory: it has no scopes to choose from."""

    scopes = None  # type: ignore[assignment]  # Django's way to leave out a field of the parent

    def __init__(self, *args: Any, policy: TokenPolicy, **kwargs: Any) -> None:
        super().__init__(*args, policy=policy, **kwargs)
        self.fields["name"].help_text = _("Such as Entra ID. The activity log names it.")
        self.fields["expires"].initial = "365"
