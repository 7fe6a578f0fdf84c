"""The form for an announcement."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.announcements.models import Announcement
from shared.lists import all_of
from tenants.context import public
from tenants.models import Tenant

NATIVE = {"type": "datetime-local"}
FORMAT = "%Y-%m-%dT%H:%M"


class AnnouncementForm(forms.ModelForm):
    slugs = forms.CharField(
        label=gettext_lazy("Only in these organisations"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("Their addresses, such as acme, separated by spaces. In all of them if it is empty."),
    )

    class Meta:
        model = Announcement
        fields = ("text", "level", "audience", "starts", "ends", "can_be_dismissed")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "starts": forms.DateTimeInput(attrs=NATIVE, format=FORMAT),
            "ends": forms.DateTimeInput(attrs=NATIVE, format=FORMAT),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["text", "level", "audience", "slugs"])
        if self.instance.pk is None:
            self.initial["ends"] = timezone.now() + timedelta(days=1)
        with public():
            chosen = Tenant.objects.organisations().filter(pk__in=self.instance.organisations)
            there = dict(chosen.order_by("slug").values_list("slug", "pk"))
        self.initial["slugs"] = " ".join(there)
        # They stay: without them, what was for one organisation that is gone would be for all.
        self.gone = set(self.instance.organisations) - set(there.values())

    def clean_slugs(self) -> list[int]:
        """The primary keys of the organisations that are named."""
        given = set(self.cleaned_data["slugs"].replace(",", " ").replace("\0", "").lower().split())
        with public():
            found = dict(Tenant.objects.organisations().filter(slug__in=given).values_list("slug", "pk"))
        if missing := sorted(given - found.keys()):
            raise ValidationError(_("There is no organisation %(slugs)s."), params={"slugs": all_of(missing)})
        return sorted(found.values())

    def clean_ends(self) -> datetime:
        ends: datetime = self.cleaned_data["ends"]
        if ends <= timezone.now():
            raise ValidationError(_("This time has passed: no one would see the announcement."), code="past")
        return ends

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.instance.organisations = sorted({*values.get("slugs", []), *self.gone})
        return values
