"""Forms with which owners and admins define fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from profiles.custom_fields import kinds
from profiles.custom_fields.models import NOT_SEARCHED, WITH_OPTIONS, Editor, Field, Kind
from profiles.roles import Audience
from shared.text import joined

MOST_OPTIONS, LONGEST_OPTION = 100, 100


class OptionsField(forms.CharField):
    """Options, one on each line. The clean value is a list without duplicates."""

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, **options: Any) -> None:
        words = _("One in each line. Only for the two types with options.")
        super().__init__(label=_("Options"), help_text=words, required=False, max_length=12_000, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        found = list(dict.fromkeys(filter(None, map(joined, super().clean(value).splitlines()))))
        if len(found) > MOST_OPTIONS:
            sentence = _("A field can have up to %(number)d options.")
            raise ValidationError(sentence, code="many", params={"number": MOST_OPTIONS})
        if any(len(option) > LONGEST_OPTION for option in found):
            sentence = _("An option has at most %(number)d characters.")
            raise ValidationError(sentence, code="long", params={"number": LONGEST_OPTION})
        return found


class KindForm(forms.Form):
    """Another type for a field."""

    kind = forms.ChoiceField(label=_("New type"), choices=Kind.choices)
    options = OptionsField()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        need_options(self, values.get("kind"), values.get("options"))
        return values


class FieldForm(forms.ModelForm):
    """A field. Its type is set once here; another page changes it, and says what happens to the values."""

    options = OptionsField()

    class Meta:
        model = Field
        fields = [
            *("label", "kind", "options", "help", "default", "is_required"),
            *("edited_by", "seen_by", "is_column", "is_searched"),
        ]
        labels = {
            "is_required": _("Members have to fill it in"),
            "edited_by": _("Who fills it in"),
            "seen_by": _("Who sees it"),
            "is_column": _("Show it in the list of people"),
            "is_searched": _("Find people by it"),
        }
        help_texts = {
            "help": _("Shown above the field."),
            "default": _("Filled in already when members open the form for the first time."),
            "seen_by": _("Members always see what is entered about them."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["kind"]
            if not self.instance.has_options:
                del self.fields["options"]

    @property
    def kind(self) -> str:
        return str(self.cleaned_data.get("kind") or self.instance.kind)

    def clean_label(self) -> str:
        return joined(self.cleaned_data["label"])

    def clean_is_searched(self) -> bool:
        if self.cleaned_data["is_searched"] and self.kind in NOT_SEARCHED:
            raise ValidationError(_("People cannot be found by a date or by another person."), code="kind")
        return bool(self.cleaned_data["is_searched"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "options" in self.fields:
            need_options(self, self.kind, values.get("options"))
        if values.get("seen_by") == Audience.SELF:
            self.keep_to_the_member(values)
        if values.get("default") and not self.errors:
            self.check_default(values)
        return values

    def keep_to_the_member(self, values: dict[str, Any]) -> None:
        if values.get("edited_by") == Editor.MANAGERS:
            self.add_error("edited_by", _("Owners and admins cannot fill in what only the member sees."))
        for name in ("is_column", "is_searched"):
            if values.get(name):
                self.add_error(name, _("Not possible for what only the member sees."))

    def check_default(self, values: dict[str, Any]) -> None:
        """Raise ValidationError unless the default is a valid value of the type."""
        field = Field(kind=self.kind, options=values.get("options", self.instance.options))
        default = values["default"]
        try:
            kinds.checked(field, [default] if field.kind == Kind.CHOICES else default)
        except ValidationError as error:
            self.add_error("default", error)


def need_options(form: forms.BaseForm, kind: Any, options: Any) -> None:
    if kind in WITH_OPTIONS and not options and "options" not in form.errors:
        form.add_error("options", _("Enter at least one option."))
