"""An organisation's colour and logos."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from profiles import roles
from profiles.people.forms import too_large
from profiles.pictures.limits import count_upload
from profiles.pictures.logos import Kind, keep_logo, process_logo, remove_logo
from profiles.requests import MemberRequest
from shared.tokens import token
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Tenant

LOGOS: tuple[Kind, ...] = ("logo", "logo_dark")
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
    """Shows each choice with a spot of its colour."""

    option_template_name = "profiles/accent_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().create_option(name, value, *args, **kwargs) | {
            "colour": "" if value == OWN else value or token("accent")
        }


class LogoInput(forms.ClearableFileInput):
    """Offers to remove the current logo, and shows a chosen file in place of the element with the id `shows`."""

    def __init__(self, *, shows: str, remove: str | Promise) -> None:
        super().__init__({"accept": "image/jpeg,image/png,image/webp,image/gif", "data-preview": f"#{shows}"})
        self.clear_checkbox_label = remove  # type: ignore[assignment]  # a lazy one, too
        self.attrs["data-preview-whole"] = ""


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
        widget=LogoInput(shows="logo", remove=_("Remove current logo")),
    )
    logo_dark = forms.FileField(
        label=_("Logo on dark pages"),
        required=False,
        help_text=_("If the other one is hard to see there. For example, the same logo in white."),
        widget=LogoInput(shows="logo-dark", remove=_("Remove current logo")),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        self.tenant = tenant
        chosen = tenant.accent if tenant.accent in dict(ACCENTS) else OWN
        kwargs["initial"] = {"accent": chosen, "own_accent": tenant.accent or token("accent")}
        kwargs["initial"] |= {kind: getattr(tenant, kind) for kind in LOGOS}
        super().__init__(*args, **kwargs)
        for kind in LOGOS:
            self.fields[kind].widget.attrs |= too_large() | {"data-preview-label": gettext("The logo you chose")}

    def clean_own_accent(self) -> str:
        return self.cleaned_data["own_accent"].lower()

    def clean_logo(self) -> Any:
        return self.processed("logo")

    def clean_logo_dark(self) -> Any:
        return self.processed("logo_dark")

    def processed(self, kind: Kind) -> Any:
        """A new picture as bytes, False to remove the current one, or the current one itself."""
        logo = self.cleaned_data[kind]
        return process_logo(logo) if isinstance(logo, UploadedFile) else logo

    def clean(self) -> None:
        if self.cleaned_data.get("accent") == OWN and not self.cleaned_data.get("own_accent"):
            self.add_error("own_accent", ValidationError(gettext("Choose a colour."), code="required"))
        if self.cleaned_data.get("logo_dark") and not self.cleaned_data.get("logo", True):
            words = gettext("Choose a logo above too. This one is for dark pages only.")
            self.add_error("logo_dark", ValidationError(words, code="alone"))

    def save(self) -> bool:
        """Save all or nothing. Returns False, with an error on the field, if the logo could not be stored."""
        try:
            self._save()
        except ValidationError as error:
            with public():
                self.tenant.refresh_from_db()  # The rollback did not change the object in memory.
            self.add_error("logo" if "logo" in self.changed_data else "logo_dark", error)
            return False
        return True

    @transaction.atomic
    def _save(self) -> None:
        values, before = self.cleaned_data, self.tenant.accent
        self.tenant.accent = values["own_accent"] if values["accent"] == OWN else values["accent"]
        with public():
            self.tenant.save(update_fields=["accent"])
        for kind in LOGOS:
            if isinstance(values[kind], bytes):
                keep_logo(values[kind], kind)
            elif values[kind] is False:
                remove_logo(kind)
        if self.changed_data:
            logos: dict[str, None] = {kind: None for kind in LOGOS if kind in self.changed_data}
            emit("organisation.changed", self.tenant, accent=(before, self.tenant.accent), **logos)


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
