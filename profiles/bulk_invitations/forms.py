"""The form for a list of people to be invited."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from profiles.bulk_invitations.lines import Line, decode, read
from profiles.role_form import RoleForm
from profiles.roles import Role

MOST_BYTES = 500_000


class ListForm(RoleForm):
    """Pasted addresses, a file or both, with settings for all of them."""

    addresses = forms.CharField(
        label=_("Email addresses"),
        help_text=_(
            "Separated by commas or on lines of their own. Names may stand beside them, as email programs copy them."
        ),
        max_length=300_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        help_text=_("Its first line names the columns: email, and if you like role, name and groups."),
        max_length=200,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    message = forms.CharField(
        label=_("Personal message"),
        help_text=_("We add it to each email."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["addresses", "file", "role", "message"]

    people: list[Line]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = Role.READER
        self.fields["role"].help_text = _("Used where the file names no role.")

    def clean_file(self) -> str:
        """The text of the file, "" without one."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is too large for a list of addresses."), code="large")
        return decode(file.read()) if file else ""

    def clean(self) -> dict[str, Any]:
        """Reads both. The lines are judged on the next page, where they can be corrected."""
        typed = self.cleaned_data
        if {"addresses", "file", "role"} <= typed.keys():
            try:
                self.people = read(typed["file"], typed["addresses"], role=typed["role"])
            except ValidationError as refusal:
                self.add_error("file" if typed["file"] else "addresses", refusal)
        return typed
