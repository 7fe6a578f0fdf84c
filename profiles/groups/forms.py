"""The form of a group."""

from typing import Any

from django import forms

from profiles.groups.models import Group


class GroupForm(forms.ModelForm):
    class Meta:
        model = Group
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def typed(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
