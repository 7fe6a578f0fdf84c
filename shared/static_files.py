"""Checks that `manage.py collectstatic` has collected all static files, which production needs."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage


def uncollected() -> list[str]:
    """Static files that are missing from STATIC_ROOT's manifest: each page that uses one would fail.

    Always empty without a manifest, as in development, where files are served from their source folders.
    """
    collected: dict[str, str] | None = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:
        return []
    found = {path for finder in get_finders() for path, _ in finder.list(StaticFilesConfig.ignore_patterns)}
    return sorted(found - collected.keys())
