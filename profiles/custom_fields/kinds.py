"""What follows from the type of a field: its form field, what is stored, and how that reads as text."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from profiles.custom_fields.models import Field, Kind
from profiles.custom_fields.suggesting import PersonInput
from profiles.models import User
from profiles.models.phone_field import LONGEST_TYPED, PhoneFormField
from shared.emails import EmailField
from shared.lists import one_after_another
from shared.storable import check_storable

LONGEST = {Kind.TEXT: 200, Kind.LONG_TEXT: 2000, Kind.LINK: 500}
DIGITS, DECIMALS = 15, 4  # The digits that a JSON number holds exactly.


class PersonField(forms.CharField):
    """A member, by username or by a name that only one member has. Clean, it is the primary key of the user.

    `present` may have been deactivated meanwhile, and stays all the same.
    """

    default_error_messages = {
        "none": _("No one has this name. Enter the username of a colleague."),
        "several": _("Several people have this name. Enter the username."),
    }

    def __init__(self, *, present: Any, **options: Any) -> None:
        super().__init__(max_length=150, widget=PersonInput, **options)
        self.present = present

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        people = User.objects.filter(Q(is_active=True) | Q(pk=self.present))
        if found := people.filter(username__iexact=text).values_list("pk", flat=True).first():
            return found
        match list(people.search(text).values_list("pk", flat=True)[:2]):
            case [one]:
                return one
            case []:
                raise ValidationError(self.error_messages["none"], code="none")
        raise ValidationError(self.error_messages["several"], code="several")


def number(_field: Field, _present: Any) -> forms.Field:
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, widget=widget)


def link(_field: Field, _present: Any) -> forms.Field:
    made = forms.URLField(max_length=LONGEST[Kind.LINK], assume_scheme="https")
    made.validators = [URLValidator(schemes=["http", "https"]), *made.validators[1:]]
    return made


def options(field: Field, present: Any) -> list[tuple[str, str]]:
    """As choices; a member's present value is one of them even after the option was removed."""
    chosen = present if isinstance(present, list) else [present] if present else []
    return [(each, each) for each in dict.fromkeys([*field.options, *chosen])]


def choice(field: Field, present: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", gettext("Choose…")), *options(field, present)])


def choices(field: Field, present: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=options(field, present), widget=forms.CheckboxSelectMultiple)


def day(_field: Field, _present: Any) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def long_text(_field: Field, _present: Any) -> forms.Field:
    return forms.CharField(max_length=LONGEST[Kind.LONG_TEXT], widget=forms.Textarea(attrs={"rows": 4}))


MADE: dict[str, Callable[[Field, Any], forms.Field]] = {
    Kind.TEXT: lambda _field, _present: forms.CharField(max_length=LONGEST[Kind.TEXT]),
    Kind.LONG_TEXT: long_text,
    Kind.NUMBER: number,
    Kind.CHOICE: choice,
    Kind.CHOICES: choices,
    Kind.DATE: day,
    Kind.LINK: link,
    Kind.EMAIL: lambda _field, _present: EmailField(),
    Kind.PHONE: lambda _field, _present: PhoneFormField(max_length=LONGEST_TYPED),
    Kind.PERSON: lambda _field, present: PersonField(present=present),
}
HELP = {
    Kind.PHONE: _("With country code, such as +49 30 901820."),
    Kind.PERSON: _("The username or the full name of a colleague."),
}


def form_field(field: Field, present: Any = None) -> forms.Field:
    """Validates what people type into this field, which has the value `present` now."""
    made = MADE[field.kind](field, present)
    made.label, made.required = field.label, field.is_required
    made.help_text = field.help or HELP.get(Kind(field.kind), "")
    if field.kind == Kind.PHONE:
        made.error_messages["invalid"] = _("This is not a phone number. Enter it with its country code.")
    return made


def stored(value: Any) -> Any:
    """A clean value as it is stored: as JSON, and None for an empty one."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, PhoneNumber):
        return str(value.as_e164)
    if isinstance(value, date):
        return value.isoformat()
    return None if value in ("", []) else value


def checked(field: Field, value: Any, present: Any = None) -> Any:
    """Any value as it is stored. Raises ValidationError for one that the field's form would refuse."""
    if value == present:
        return value
    check_storable(value)
    if field.kind == Kind.DATE and not isinstance(value, date | str | None):
        value = str(value)  # Refused below, as other texts that are no date.
    made = form_field(field, present)
    made.required = False
    if field.kind == Kind.PERSON and isinstance(value, int):
        if not User.objects.active().filter(pk=value).exists():
            raise ValidationError(made.error_messages["none"], code="none")
        return value
    return stored(made.clean(value))


def text(field: Field, value: Any) -> str:
    """A stored value for people, in their language, and for the search. Of a person it is the primary key."""
    if isinstance(value, list):
        return one_after_another([str(each) for each in value])
    if field.kind == Kind.DATE:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if field.kind == Kind.PHONE:
        return PhoneNumber.from_string(value).as_international
    return number_format(value, use_l10n=True) if field.kind == Kind.NUMBER else str(value)


def label_of(kind: str) -> str:
    """A type, for the activity log."""
    return str(Kind(kind).label) if kind in Kind.values else kind


def typed(value: Any) -> str:
    """A stored value as people would type it into another field: what a change of type starts with."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
