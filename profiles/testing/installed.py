"""Skips the tests of apps that are not installed, and lets no test import their modules."""

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
    """Refuses to import modules of an app that is not installed, except its apps.py, which says what it requires.

    Otherwise Django would take the models of `profiles.notes` for models of `profiles`, and a test that imports them
    would change what later tests see.
    """

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: object = None) -> None:
        package, _, module = name.rpartition(".")
        is_app = Path(settings.BASE_DIR, *package.split("."), "apps.py").exists() and not package.startswith("tests.")
        if is_app and module != "apps" and not apps.is_installed(package):
            raise ImportError(f"{name} is imported, but its app is taken out. Mark what imports it with @needs.")
