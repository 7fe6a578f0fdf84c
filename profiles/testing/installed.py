"""Skips the tests of apps that are not installed, and lets no other test import their modules."""

from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings


def needs(*names: str) -> pytest.MarkDecorator:
    """A mark for a test that uses removable apps: `@needs("notes")`."""
    missing = [name for name in names if not apps.is_installed(name)]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def is_of_an_app_that_is_out(folder: Path) -> bool:
    """tests/tenants/billing has the tests of tenants.billing, and notes/tests those of notes."""
    if not folder.is_relative_to(settings.BASE_DIR):
        return False
    parts = [part for part in folder.relative_to(settings.BASE_DIR).parts if part != "tests"]
    is_app = Path(settings.BASE_DIR, *parts, "apps.py").exists()
    return is_app and not apps.is_installed(".".join(parts))


class Refusing(MetaPathFinder):
    """Refuses to import a module of an app that is not installed, or of its tests.

    Otherwise Django would take the models of `profiles.notes` for models of `profiles`, and the test that imports them
    would change what later ones see. `apps.py` says what the app requires, and may be imported.
    """

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: object = None) -> None:
        package, _, module = name.rpartition(".")
        if module != "apps" and is_of_an_app_that_is_out(settings.BASE_DIR.joinpath(*package.split("."))):
            raise RuntimeError(f"{name} is imported, but its app is taken out. Mark what imports it with @needs.")
