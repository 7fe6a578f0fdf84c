"""The form for a member's own profile."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.models import Profile, User
from profiles.models.profile import HIDEABLE
from profiles.people.time_zones import time_zone_choices
from profiles.pictures import keeping, sandbox
from profiles.roles import Audience
from shared.capabilities.registry import profile_forms
from shared.names import no_address
from tenants.context import required
from tenants.events import emit

SEEN_BY = [f"{name}_seen_by" for name in HIDEABLE]
OF_THE_USER = ["first_name", "last_name"]
MEGABYTES = settings.PHOTO_MAX_BYTES // 1_000_000
NO_PHONE = _("This is not a phone number. Enter it with its country code, such as +49 30 901820.")


def too_large() -> dict[str, str]:
    """Attributes that let the browser refuse a large picture before it is sent (app.js)."""
    words = gettext("This picture is larger than %(megabytes)s MB. Choose a smaller one.") % {"megabytes": MEGABYTES}
    return {"data-max-bytes": str(settings.PHOTO_MAX_BYTES), "data-too-large": words}


class PhotoInput(forms.ClearableFileInput):
    """Offers to remove the current photo. Django would ask for its URL, which a tenant's files do not have."""

    clear_checkbox_label = _("Remove current photo")  # type: ignore[assignment]  # a lazy one, too

    def is_initial(self, value: Any) -> bool:
        return bool(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The upload, with the square that the person chose in the browser."""
        upload = super().value_from_datadict(data, files, name)
        if isinstance(upload, UploadedFile):
            upload.crop = str(data.get(f"{name}_crop", ""))  # type: ignore[attr-defined]
        return upload


class PhotoField(forms.FileField):
    """An uploaded picture. The cleaned value is bytes by size (profiles.pictures.sandbox); False: remove it."""

    widget = PhotoInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            return sandbox.process(upload, max_bytes=settings.PHOTO_MAX_BYTES, crop=getattr(upload, "crop", ""))
        return upload


def added_forms(profile: Profile, data: Any = None, files: Any = None) -> list[forms.ModelForm]:
    """The forms that capabilities add (profile_forms), each for the row with the profile's primary key or a new one."""
    return [added_form(form, profile, data, files) for form in profile_forms()]


def added_form(form: type[forms.ModelForm], profile: Profile, data: Any, files: Any) -> forms.ModelForm:
    model = form._meta.model
    row = model._default_manager.filter(pk=profile.pk).first() or model(pk=profile.pk)
    return form(data, files, instance=row, prefix=model._meta.label_lower.replace(".", "-"))


def offer_audiences(field: Any, name: str) -> None:
    """Offer no wider audience than the organisation allows."""
    widest = Audience.values.index(required().widest(name))
    words = {Audience.SELF: _("Only you")}
    if name == "phone":
        words[Audience.EVERYONE] = _("Owners, admins and editors")
    field.choices = [(each.value, words.get(each, each.label)) for each in list(Audience)[widest:]]
    field.required = False


class ProfileForm(forms.ModelForm):
    """Profile, photo and names, saved together.

    Names are stored on the user, where Django, allauth and other libraries expect them. For people they are part of
    the profile, so one form has both.
    """

    first_name = User._meta.get_field("first_name").formfield(validators=[no_address])
    last_name = User._meta.get_field("last_name").formfield(validators=[no_address])
    photo = PhotoField(
        label=_("Photo"),
        required=False,
        help_text=format_lazy(
            _(
                "JPEG, PNG, WebP, GIF, HEIC or AVIF, up to {megabytes} MB. We crop it to a square and remove the "
                "information about place and camera."
            ),
            megabytes=MEGABYTES,
        ),
        error_messages={
            "contradiction": _("You chose a new photo and also to remove the current one. Choose only one of them.")
        },
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Others see your local time."),
        widget=forms.Select(attrs={"data-time-zone": ""}),
    )

    # The label on the page, for the summary of errors.
    field_order = ("photo", *OF_THE_USER, "bio", "location", "pronouns", "time_zone", "birth_date", "phone")

    class Meta:
        model = Profile
        fields = ["bio", "location", "pronouns", "time_zone", "birth_date", "phone", *SEEN_BY]
        labels = {
            "bio": _("About you"),
            "location_seen_by": _("Who sees your location"),
            "pronouns_seen_by": _("Who sees your pronouns"),
            "birth_date_seen_by": _("Who sees your birthday"),
            "phone_seen_by": _("Who sees your phone number"),
        }
        help_texts = {
            "pronouns": _("For example she/her or they/them."),
            "birth_date": _("Colleagues see day and month. Only owners and admins see the year."),
            "phone": _("With country code. Only owners, admins and editors see it."),
        }
        error_messages = {"phone": {"invalid": NO_PHONE}}
        widgets = {
            "birth_date": forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
            "bio": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, data: Any = None, files: Any = None, *, instance: Profile) -> None:
        user = instance.user
        initial = {name: getattr(user, name) for name in OF_THE_USER} | {"photo": instance.photo}
        super().__init__(data, files, instance=instance, initial=initial)
        for name in HIDEABLE:
            offer_audiences(self.fields[f"{name}_seen_by"], name)
            self.initial[f"{name}_seen_by"] = instance.audience(name)
        self.fields["time_zone"].choices = time_zone_choices(instance.time_zone)  # type: ignore[attr-defined]
        attributes = {
            "first_name": {"autocomplete": "given-name"},
            "last_name": {"autocomplete": "family-name"},
            "birth_date": {"max": timezone.localdate().isoformat()},
            "phone": {"autocomplete": "tel", "placeholder": "+49 30 901820"},
            "photo": {
                "accept": "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,image/avif",
                "data-preview": "#picture",
                "data-crops": "",
                "data-preview-label": gettext("The photo you chose"),
                **too_large(),
            },
        }
        for name, more in attributes.items():
            self.fields[name].widget.attrs |= more

    def clean(self) -> dict[str, Any]:
        """An audience that is not sent stays as it is."""
        values = super().clean() or {}
        return values | {name: values.get(name) or getattr(self.instance, name) for name in SEEN_BY}

    @transaction.atomic
    def keep(self, added: Sequence[forms.ModelForm] = ()) -> bool:
        """Save all or nothing, with the forms that capabilities have added. Returns False, with an error on the field,
        if the photo could not be stored.

        The member's row is first, and so locked before all others (profiles/members/changes.py).
        """
        try:
            self.save()
        except ValidationError as error:
            transaction.set_rollback(True)
            self.add_error("photo", error)
            return False
        for form in added:
            form.save()
        if changed := [name for form in (self, *added) for name in form.changed_data if name != "photo"]:
            objects = [each for form in added for each in getattr(form, "changed_objects", ())]
            emit("profile.changed", self.instance.user, self.instance, *objects, **dict.fromkeys(changed))
        return True

    @transaction.atomic(savepoint=False)
    def save(self, commit: bool = True) -> Profile:
        """Save only the form's fields, so that a photo that was changed elsewhere meanwhile is kept."""
        user = self.instance.user
        for name in OF_THE_USER:
            setattr(user, name, self.cleaned_data[name])
        user.save(update_fields=OF_THE_USER)
        self.instance.save(update_fields=[*self.Meta.fields, "updated"])
        if "photo" in self.changed_data:
            self.save_photo()
        return self.instance

    def save_photo(self) -> None:
        if self.cleaned_data["photo"]:
            keeping.keep_pictures(profile=self.instance, pictures=self.cleaned_data["photo"])
        else:
            keeping.remove_photo(profile=self.instance)
