"""What apps tell the test suite, in files in their folder `testing` (docs/testing.md)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings

from shared.capabilities.registry import capabilities


@dataclass(frozen=True)
class Row:
    """A line of a table, with its app and its site."""

    app: AppConfig
    site: str
    words: tuple[str, ...]


def file(app: AppConfig, name: str) -> str:
    """The path of one of the app's files, for messages that say what to edit."""
    return os.path.relpath(place(app, name), settings.BASE_DIR)


@cache
def rows(name: str) -> list[Row]:
    """The rows of all apps' tables of this name.

    They are under `[public]` or `[organisation]`. Rows under `[organisation with profiles.admin]` count only if that
    app is installed.
    """
    return [row for app in capabilities() for row in rows_of(app, name)]


def rows_of(app: AppConfig, name: str) -> Iterator[Row]:
    site, holds = "", True
    for line in lines(app, name):
        if line.startswith("["):
            site, _, other = line.strip("[]").partition(" with ")
            holds = not other or apps.is_installed(other)
        elif holds:
            yield Row(app, site, tuple(line.split()))


@cache
def names(name: str) -> dict[str, str]:
    """The lines of all apps' lists of this name, each with the path of its file."""
    return {line: file(app, name) for app in capabilities() for line in lines(app, name)}


def pages() -> list[ModuleType]:
    """The modules `testing/pages.py`: arguments of URLs and values for forms."""
    return modules("pages")


def modules(name: str) -> list[ModuleType]:
    """The modules of this name in the folders `testing` of all apps."""
    having = (app for app in capabilities() if place(app, f"{name}.py").exists())
    return [import_module(f"{app.name}.testing.{name}") for app in having]


def lines(app: AppConfig, name: str) -> Iterator[str]:
    """The lines of a file of an app, without comments; none if it has no such file."""
    path = place(app, name)
    stripped = (line.partition("#")[0].strip() for line in path.read_text().splitlines()) if path.exists() else ()
    yield from filter(None, stripped)


def place(app: AppConfig, name: str) -> Path:
    return Path(app.path, "testing", name)
