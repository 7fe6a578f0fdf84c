"""Forms for the values of one member: the member's own, and that of owners and admins."""

from typing import Any

from django import forms

from profiles.custom_fields import kinds
from profiles.custom_fields.changes import fill_in
from profiles.custom_fields.models import Editor, Field, Kind, Values
from profiles.models import Profile, User


class ValuesForm(forms.ModelForm):
    """Fields of an organisation's own, as far as `edited_by` fills them in."""

    edited_by: str

    class Meta:
        model = Values
        fields: list[str] = []

    def __init__(self, data: Any = None, files: Any = None, *, instance: Values, prefix: str | None = None) -> None:
        self.own = list(Field.objects.in_use().filter(edited_by=self.edited_by))
        initial = initial_values(self.own, instance)
        super().__init__(data, files, instance=instance, initial=initial, prefix=prefix)
        for field in self.own:
            self.fields[field.key] = kinds.form_field(field, instance.values.get(field.key))

    def save_by(self, actor: User, profile: Profile) -> list[Field]:
        """Raises as fill_in() does. Returns the fields that changed."""
        values = {field.key: kinds.stored(self.cleaned_data.get(field.key)) for field in self.own}
        kept = {key: value for key, value in values.items() if value != self.instance.values.get(key)}
        return fill_in(actor=actor, profile=profile, values=kept) if kept else []


class OwnValuesForm(ValuesForm):
    """Part of the form for one's own profile (profile_forms)."""

    edited_by = Editor.MEMBER

    @property
    def changed_objects(self) -> list[Field]:
        return [field for field in self.own if field.key in self.changed_data]

    def save(self, commit: bool = True) -> Values:
        profile = Profile.objects.select_related("user").get(pk=self.instance.pk)
        self.save_by(profile.user, profile)
        return self.instance


class ManagedValuesForm(ValuesForm):
    edited_by = Editor.MANAGERS


def initial_values(fields: list[Field], row: Values) -> dict[str, Any]:
    """What the form shows: stored values, and defaults for a member who has saved none yet."""
    shown = {field.key: row.values[field.key] for field in fields if field.key in row.values}
    if row._state.adding:
        shown = {field.key: default(field) for field in fields if field.default}
    people = [
        shown[field.key] for field in fields if field.kind == Kind.PERSON and isinstance(shown.get(field.key), int)
    ]
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "username")) if people else {}
    for field in fields:
        if field.kind == Kind.PERSON and isinstance(shown.get(field.key), int):
            shown[field.key] = names.get(shown[field.key], "")
    return shown


def default(field: Field) -> Any:
    return [field.default] if field.kind == Kind.CHOICES else field.default
