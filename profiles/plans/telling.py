"""What the activity log says of a plan's changes."""

from collections.abc import Mapping
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from shared.capabilities.registry import allowances
from shared.lists import one_after_another


def end(until: str) -> str:
    """The day on which a plan ends: it lasts until the last second of it."""
    return date_format(datetime.fromisoformat(until), "DATE_FORMAT")


def agreed(exceptions: Mapping[str, int | None]) -> str:
    """What was agreed with an organisation, by allowance."""
    return one_after_another([f"{label_of(name)}: {amount(name, value)}" for name, value in exceptions.items()])


def label_of(name: str) -> str:
    """If the app of the allowance has been taken out: its name."""
    return str(allowances()[name].label) if name in allowances() else name


def amount(name: str, value: int | None) -> str:
    unit = allowances()[name].unit if name in allowances() else "number"
    if value is None:
        return gettext("No limit")
    if unit == "days":
        return ngettext("%(number)s day", "%(number)s days", value) % {"number": number_format(value)}
    return filesizeformat(value) if unit == "bytes" else number_format(value)
