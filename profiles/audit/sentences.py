"""An entry as sentences in the reader's language: the entry itself stores codes of kinds and fields."""

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from profiles.audit.models import Entry, by, touching
from profiles.sign_in.user_agents import in_words
from shared.capabilities.registry import audit_kinds


class Row:
    """An entry for a template."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    @property
    def what(self) -> str:
        """If the app has been taken out since: the code of the kind."""
        return str(audit_kinds().get(self.entry.kind, self.entry.kind))

    @property
    def who(self) -> str:
        return self.entry.actor_name or str(self.entry.get_actor_display())

    @property
    def who_term(self) -> str:
        return by(self.entry.actor_id) if self.entry.actor_id else ""

    @property
    def browser(self) -> str:
        return in_words(self.entry.user_agent) if self.entry.user_agent else ""

    @property
    def objects(self) -> list[tuple[str, str]]:
        """The objects' names, each with the terms that find all entries about it. No actor, no duplicates."""
        named = {each["name"]: touching(each["type"], each["id"]) for each in reversed(self.entry.about)}
        return [(name, term) for name, term in reversed(named.items()) if name and name != self.entry.actor_name]

    @property
    def changes(self) -> list[tuple[str, tuple[str, str] | None]]:
        """Each with the label of its field, and the labels of its values; None where values are not stored."""
        return [(self._label(name), self._values(name, change)) for name, change in self.entry.changes.items()]

    def _label(self, name: str) -> str:
        field = self._field(name)
        return capfirst(str(field.verbose_name)) if field else name

    def _values(self, name: str, change: list[Any] | None) -> tuple[str, str] | None:
        if change is None:
            return None
        names = dict(getattr(self._field(name), "flatchoices", ()))
        before, after = (words_of(value, names) for value in change)
        return before, after

    def _field(self, name: str) -> "Field[Any, Any] | None":
        for each in self.entry.about:
            try:
                found = apps.get_model(each["type"])._meta.get_field(name)
            except (LookupError, FieldDoesNotExist):
                continue
            if isinstance(found, Field):
                return found
        return None


def words_of(value: Any, names: dict[Any, Any]) -> str:
    """A stored value, which is any JSON, in one line; "" for none."""
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
