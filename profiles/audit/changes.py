"""What an entry says of a change: the label of the field, and the values in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext

from shared.capabilities.base import AuditField
from shared.capabilities.registry import audit_fields, audit_models, profile_forms

# Objects of an entry, as it stores them.
About = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Change:
    """One of an entry's changes, by the name that emit() was given for it."""

    kind: str
    about: About
    name: str

    @property
    def label(self) -> str:
        """If the app has been taken out since: the name."""
        return self.known_label or capfirst(self.name.replace("_", " "))

    @property
    def known_label(self) -> str:
        """The label that an app or a model's field has for people; "" if there is none."""
        labels = (self._own and self._own.label, self._verbose_name, self._general and self._general.label)
        return capfirst(str(next(filter(None, (*labels, self._object_name)), "")))

    def say(self, value: Any) -> str:
        """A stored value, which is any JSON, in one line; "" for none."""
        if says := self._says:
            return "" if value in ("", None, {}) else str(import_string(says)(value))
        return words_of(value, dict(getattr(self._field, "flatchoices", ())))

    def is_readable(self, values: Sequence[Any]) -> bool:
        """Whether people see a label, and no names of an object that only programs know."""
        return bool(self.known_label) and (bool(self._says) or not any(isinstance(each, dict) for each in values))

    @property
    def _says(self) -> str:
        """The function of what has the label."""
        known = self._own or (None if self._verbose_name else self._general)
        return known.say if known else ""

    @property
    def _own(self) -> AuditField | None:
        return audit_fields().get(f"{self.kind}.{self.name}")

    @property
    def _general(self) -> AuditField | None:
        return audit_fields().get(self.name)

    @property
    def _field(self) -> "Field[Any, Any] | None":
        for model in self._models():
            try:
                found = apps.get_model(model)._meta.get_field(self.name)
            except (LookupError, FieldDoesNotExist):
                continue
            if isinstance(found, Field):
                return found
        return None

    def _models(self) -> Iterator[str]:
        if model := audit_models().get(self.kind.partition(".")[0]):
            yield model
        yield from (each["type"] for each in self.about)
        if self.kind == "profile.changed":
            yield from (form._meta.model._meta.label for form in profile_forms() if hasattr(form, "_meta"))

    @property
    def _verbose_name(self) -> str:
        """Not one that Django makes of the field's name, which is not translated."""
        name = getattr(self._field, "verbose_name", "")
        return str(name) if isinstance(name, Promise) else ""

    @property
    def _object_name(self) -> str:
        """A change may be named after the key of one of the objects."""
        return next((each["name"] for each in self.about if each["id"] == self.name), "")


def words_of(value: Any, names: Mapping[Any, Any]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {'–' if each is None else each}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(words_of(each, names) for each in value)
    if isinstance(value, bool) and value not in names:
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, str) and (moment := moment_of(value)):
        return date_format(moment.astimezone(UTC), "SHORT_DATETIME_FORMAT")
    return "" if value is None else str(names.get(value, value))


def moment_of(text: str) -> datetime | None:
    """A time as it is stored, with its offset; None for any other text."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
