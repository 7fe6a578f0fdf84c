"""The form for one's own profile."""

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
from profiles.people.time_zones import time_zone_choices
from profiles.pictures import keeping, sandbox
from shared.capabilities.registry import profile_forms
from shared.names import no_address
from tenants.events import emit

OF_THE_USER = ["first_name", "last_name"]
MEGABYTES = settings.PHOTO_MAX_BYTES // 1_000_000
NO_PHONE = _("This is not a phone number. Enter it with its country code, such as +49 30 901820.")


def too_large() -> dict[str, str]:
    """What has a browser refuse a picture on its field, before it is sent (app.js)."""
    words = gettext("This picture is larger than %(megabytes)s MB. Choose a smaller one.") % {"megabytes": MEGABYTES}
    return {"data-max-bytes": str(settings.PHOTO_MAX_BYTES), "data-too-large": words}


class PhotoInput(forms.ClearableFileInput):
    """Offers to remove a photo that is there. Django asks for its address; a tenant's files have none."""

    clear_checkbox_label = _("Remove current photo")  # type: ignore[assignment]  # a lazy one, too

    def is_initial(self, value: Any) -> bool:
        return bool(value)


class PhotoField(forms.FileField):
    """An uploaded picture. Clean, it is what profiles.pictures.sandbox made of it: bytes by size. False: remove it."""

    widget = PhotoInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            return sandbox.process(upload, max_bytes=settings.PHOTO_MAX_BYTES)
        return upload


def added_forms(profile: Profile, data: Any = None, files: Any = None) -> list[forms.ModelForm]:
    """The forms that capabilities add (profile_forms), each for its row with the profile's primary key or a new one."""
    return [added_form(form, profile, data, files) for form in profile_forms()]


def added_form(form: type[forms.ModelForm], profile: Profile, data: Any, files: Any) -> forms.ModelForm:
    model = form._meta.model
    row = model._default_manager.filter(pk=profile.pk).first() or model(pk=profile.pk)
    return form(data, files, instance=row, prefix=model._meta.label_lower.replace(".", "-"))


class ProfileForm(forms.ModelForm):
    """Profile, photo and names, saved together.

    Names live on the user, because Django, allauth and every library ask it for them. To people they are part
    of their profile, so one form has both.
    """

    first_name = User._meta.get_field("first_name").formfield(validators=[no_address])
    last_name = User._meta.get_field("last_name").formfield(validators=[no_address])
    photo = PhotoField(
        label=_("Photo"),
        required=False,
        help_text=format_lazy(
            _(
                "JPEG, PNG, WebP or GIF, up to {megabytes} MB. We crop it to a square and remove the information "
                "about place and camera."
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

    # As on the page, for the summary of errors.
    field_order = ("photo", *OF_THE_USER, "bio", "location", "pronouns", "time_zone", "birth_date", "phone")

    class Meta:
        model = Profile
        fields = ["bio", "location", "pronouns", "time_zone", "birth_date", "phone"]
        labels = {"bio": _("About you")}
        help_texts = {
            "pronouns": _("For example she/her or they/them."),
            "birth_date": _("Everyone sees day and month. Only owners and admins see the year."),
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
        self.fields["time_zone"].choices = time_zone_choices(instance.time_zone)  # type: ignore[attr-defined]
        attributes = {
            "first_name": {"autocomplete": "given-name"},
            "last_name": {"autocomplete": "family-name"},
            "birth_date": {"max": timezone.localdate().isoformat()},
            "phone": {"autocomplete": "tel", "placeholder": "+49 30 901820"},
            "photo": {
                "accept": "image/jpeg,image/png,image/webp,image/gif",
                "data-preview": "#picture",
                "data-preview-label": gettext("The photo you chose"),
                **too_large(),
            },
        }
        for name, more in attributes.items():
            self.fields[name].widget.attrs |= more

    @transaction.atomic
    def keep(self, added: Sequence[forms.ModelForm] = ()) -> bool:
        """Save all or nothing, with the forms that capabilities have added. False, with the error on its field, if the
        photo could not be stored.
        """
        for form in added:
            form.save()
        try:
            self.save()
        except ValidationError as error:
            transaction.set_rollback(True)
            self.add_error("photo", error)
            return False
        if changed := [name for form in (self, *added) for name in form.changed_data if name != "photo"]:
            emit("profile.changed", self.instance.user, self.instance, **dict.fromkeys(changed))
        return True

    @transaction.atomic(savepoint=False)
    def save(self, commit: bool = True) -> Profile:
        """Write what the form shows and no more: a photo that was chosen elsewhere meanwhile stays."""
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
