"""Field: a profile field that an organisation defines. Values: one member's values."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from profiles.models import Profile
from profiles.roles import Audience
from shared.checked import Checked, check_columns, not_possible
from shared.names import no_address


class Kind(models.TextChoices):
    """The type of a field. profiles.custom_fields.kinds has what follows from it."""

    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("One of several options")
    CHOICES = "choices", _("Any of several options")
    DATE = "date", _("Date")
    LINK = "link", _("Link")
    EMAIL = "email", _("Email address")
    PHONE = "phone", _("Phone number")
    PERSON = "person", _("Person")


WITH_OPTIONS = (Kind.CHOICE, Kind.CHOICES)
# A date is written in many ways, and people change their names.
NOT_SEARCHED = (Kind.DATE, Kind.PERSON)


class Editor(models.TextChoices):
    MEMBER = "member", _("The member")
    MANAGERS = "managers", _("Owners and admins")


def jsonb_type(column: str, kind: str) -> Q:
    return Q(models.lookups.Exact(Func(F(column), function="jsonb_typeof", output_field=models.TextField()), kind))


class KeyField(models.CharField):
    """A primary key of text without the second index that Django makes for LIKE, which is a file per organisation."""

    def db_type(self, connection: Any) -> str:
        return f"character varying({self.max_length})"


class FieldQuerySet(models.QuerySet["Field"]):
    def in_use(self) -> Self:
        return self.filter(deleted=None).order_by("position", "key")

    def deleted(self) -> Self:
        """Deleted fields that can be restored, the latest first."""
        return self.filter(deleted__isnull=False).order_by("-deleted", "key")


class Field(Checked):
    """A field of every member's profile. `key` is its name in stored values, and never changes."""

    checked = ("key", "label", "kind", "help", "seen_by", "edited_by", "default")

    key = KeyField(primary_key=True, max_length=40, editable=False)
    label = models.CharField(_("name"), max_length=60, validators=[no_address])
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    options = models.JSONField(_("options"), default=list, blank=True)
    help = models.CharField(_("help text"), max_length=200, blank=True)
    default = models.CharField(_("default value"), max_length=200, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    edited_by = models.CharField(_("edited by"), max_length=8, choices=Editor.choices, default=Editor.MEMBER)
    seen_by = models.CharField(_("seen by"), max_length=8, choices=Audience.choices, default=Audience.EVERYONE)
    is_column = models.BooleanField(_("column of the list of people"), default=False)
    is_searched = models.BooleanField(_("found by the search"), default=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    # Once set, the values are kept for CUSTOM_FIELDS_KEPT_DAYS.
    deleted = models.DateTimeField(null=True, editable=False)

    objects = FieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*\Z"), name="custom_field_key_plain"),
            models.CheckConstraint(condition=~Q(label=""), name="custom_field_has_label"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="custom_field_kind_known"),
            models.CheckConstraint(condition=Q(edited_by__in=Editor.values), name="custom_field_editor_known"),
            models.CheckConstraint(condition=Q(seen_by__in=Audience.values), name="custom_field_audience_known"),
            models.CheckConstraint(condition=jsonb_type("options", "array"), name="custom_field_options_listed"),
            # Only the member sees it: others can neither edit it nor find the member by it.
            models.CheckConstraint(
                condition=~Q(seen_by=Audience.SELF) | Q(edited_by=Editor.MEMBER, is_column=False, is_searched=False),
                name="custom_field_of_member_alone",
            ),
            models.CheckConstraint(
                condition=Q(is_searched=False) | ~Q(kind__in=NOT_SEARCHED), name="custom_field_searched_by_words"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def check_values(self, only: Iterable[str] | None = None) -> None:
        """Also the options, which are different lines of text."""
        super().check_values(only)
        listed: Any = self.options
        if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
            raise not_possible(self, "options")
        check_columns(self, ["options"])

    @property
    def name(self) -> str:
        """What the audit log calls it."""
        return self.label

    @property
    def has_options(self) -> bool:
        return self.kind in WITH_OPTIONS

    @property
    def kept_days(self) -> int:
        return int(settings.CUSTOM_FIELDS_KEPT_DAYS)

    @property
    def kept_until(self) -> datetime | None:
        return self.deleted + timedelta(days=self.kept_days) if self.deleted else None

    @classmethod
    def most(cls) -> int:
        return int(settings.CUSTOM_FIELDS_MOST)


class Values(models.Model):
    """The values of one member by the key of the field, as profiles.custom_fields.kinds stores them."""

    profile = models.OneToOneField(Profile, models.CASCADE, primary_key=True, related_name="+")
    values: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=jsonb_type("values", "object"), name="custom_values_by_key"),
        ]

    def __str__(self) -> str:
        return f"values of {self.profile_id}"
