"""What an organisation looks like: its colour and its logo; and what its sign-in page says."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from profiles import roles
from profiles.people.forms import too_large
from profiles.pictures.limits import count_upload
from profiles.pictures.logos import keep_logo, process_logo, remove_logo
from profiles.requests import MemberRequest
from shared.colours import BRAND
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Tenant

OWN = "own"
ACCENTS = [
    ("", _("Green")),
    ("#0f6b7a", _("Teal")),
    ("#2456b8", _("Blue")),
    ("#5b46b2", _("Violet")),
    ("#9a2f6b", _("Pink")),
    ("#b3382c", _("Red")),
    ("#b4570f", _("Orange")),
    ("#44403a", _("Graphite")),
    (OWN, _("Another colour")),
]


class AccentSelect(forms.RadioSelect):
    """Each choice beside a spot of its colour."""

    option_template_name = "profiles/accent_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().create_option(name, value, *args, **kwargs) | {"colour": "" if value == OWN else value or BRAND}


class AppearanceForm(forms.Form):
    accent = forms.ChoiceField(
        label=_("Colour"),
        required=False,
        choices=ACCENTS,
        widget=AccentSelect,
        help_text=_("Of buttons and links, on pages and in emails. We adjust it so that text can always be read."),
    )
    own_accent = forms.CharField(
        label=_("Another colour"),
        required=False,
        max_length=7,
        validators=[RegexValidator(r"(?i)\A#[0-9a-f]{6}\Z", _("Enter a colour such as #2456b8."))],
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_(
            "JPEG, PNG, WebP or GIF. It can be wide, and transparent. Visitors also see it on the sign-in page, and "
            "people in emails."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        self.tenant = tenant
        chosen = tenant.accent if tenant.accent in dict(ACCENTS) else OWN
        kwargs["initial"] = {"accent": chosen, "own_accent": tenant.accent or BRAND, "logo": tenant.logo}
        super().__init__(*args, **kwargs)
        preview = {
            "data-preview": "#logo",
            "data-preview-whole": "",
            "data-preview-label": gettext("The logo you chose"),
        }
        self.fields["logo"].widget.attrs |= too_large() | preview

    def clean_own_accent(self) -> str:
        return self.cleaned_data["own_accent"].lower()

    def clean_logo(self) -> Any:
        """A new picture as bytes, False to remove the present one, or the present one itself."""
        logo = self.cleaned_data["logo"]
        return process_logo(logo) if isinstance(logo, UploadedFile) else logo

    def clean(self) -> None:
        if self.cleaned_data.get("accent") == OWN and not self.cleaned_data.get("own_accent"):
            self.add_error("own_accent", ValidationError(gettext("Choose a colour."), code="required"))

    def save(self) -> bool:
        """Keep all or nothing. False, with the error on its field, if the logo could not be stored."""
        try:
            self._save()
        except ValidationError as error:
            with public():
                self.tenant.refresh_from_db()  # What is rolled back is not so in memory.
            self.add_error("logo", error)
            return False
        return True

    @transaction.atomic
    def _save(self) -> None:
        values, before = self.cleaned_data, self.tenant.accent
        self.tenant.accent = values["own_accent"] if values["accent"] == OWN else values["accent"]
        with public():
            self.tenant.save(update_fields=["accent"])
        if isinstance(values["logo"], bytes):
            keep_logo(values["logo"])
        elif values["logo"] is False:
            remove_logo()
        if self.changed_data:
            logo: dict[str, None] = {"logo": None} if "logo" in self.changed_data else {}
            emit("organisation.changed", self.tenant, accent=(before, self.tenant.accent), **logo)


class SignInForm(forms.Form):
    sign_in_text = forms.CharField(
        label=_("Text on the sign-in page"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone can read it, visitors too. For example, write who to ask for an invitation."),
    )

    @transaction.atomic
    def save(self, tenant: Tenant) -> None:
        if self.changed_data:
            emit("organisation.changed", tenant, sign_in_text=(tenant.sign_in_text, self.cleaned_data["sign_in_text"]))
        tenant.sign_in_text = self.cleaned_data["sign_in_text"]
        with public():
            tenant.save(update_fields=["sign_in_text"])


@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    refusal = count_upload(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AppearanceForm(*posted, tenant=required())
    if refusal:
        form.add_error("logo", refusal)
    if form.is_valid() and form.save():
        messages.success(request, gettext("Your settings were saved."))
        return redirect("appearance")
    return render(request, "profiles/appearance.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_settings(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    tenant = required()
    posted = request.POST if request.method == "POST" else None
    form = SignInForm(posted, initial={"sign_in_text": tenant.sign_in_text})
    if form.is_valid():
        form.save(tenant)
        messages.success(request, gettext("Your settings were saved."))
        return redirect("sign_in_settings")
    return render(request, "profiles/sign_in_settings.html", {"form": form})
