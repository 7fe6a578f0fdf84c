"""Migrations that add a column each (tests/bench/migrations/)."""

import pkgutil

from django.db import migrations, models

import profiles.migrations


def adding_column(number: int) -> type[migrations.Migration]:
    """The migration 090<number> of profiles: a column with a default, as Django's users mostly add one."""
    newest = max(name for _, name, _ in pkgutil.iter_modules(profiles.migrations.__path__))
    field = models.CharField(max_length=20, default="", blank=True)
    body = {
        "dependencies": [("profiles", newest if number == 1 else f"090{number - 1}")],
        "operations": [migrations.AddField("profile", name_of_column(number), field)],
        "__module__": __name__,
    }
    return type("Migration", (migrations.Migration,), body)


def name_of_column(number: int) -> str:
    return f"bench_{number}"
