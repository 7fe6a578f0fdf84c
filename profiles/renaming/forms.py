"""The form for another username."""

from django import forms
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError

from profiles.models import User
from profiles.renaming.changes import change
from profiles.sign_in.limited import Limited


class UsernameForm(Limited, forms.ModelForm):
    limit = "change_username"

    class Meta:
        model = User
        fields = ["username"]
        field_classes = {"username": UsernameField}
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "username", "dir": "auto"})}

    def done(self, member: User) -> bool:
        try:
            change(member=member, username=self.cleaned_data["username"])
        except ValidationError as error:  # Another member was faster.
            self.add_error(None, error)
            return False
        return True
