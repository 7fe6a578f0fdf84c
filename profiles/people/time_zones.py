"""The time zones that people can choose."""

from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

# Other names are abbreviations or exist for old software ("EST5EDT", "US/Eastern").
CONTINENTS = {"Africa", "America", "Antarctica", "Asia", "Australia", "Europe"}
REGIONS = CONTINENTS | {"Arctic", "Atlantic", "Indian", "Pacific"}

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]


def time_zone_choices(present: str) -> list[Choice | Group]:
    """The choices of a select, including the current time zone; without one, an empty choice."""
    offered = present == "UTC" or present.partition("/")[0] in REGIONS
    return [*([] if offered else [(present, present or _("Choose…"))]), ("UTC", "UTC"), *groups()]


@cache
def groups() -> list[Group]:
    """One group per region. Choices begin with the city, so that typing its first letters finds it."""
    zones: dict[str, list[Choice]] = {}
    for name in available_timezones():
        region = name.partition("/")[0]
        if region in REGIONS:
            zones.setdefault(region, []).append((name, place(name)))
    return [(region, sorted(choices, key=lambda choice: choice[1])) for region, choices in sorted(zones.items())]


def place(time_zone: str) -> str:
    """The place of a time zone, for people: `America/Argentina/Buenos_Aires` is Buenos Aires (Argentina)."""
    *wider, city = time_zone.replace("_", " ").split("/")
    return f"{city} ({wider[1]})" if len(wider) > 1 else city
