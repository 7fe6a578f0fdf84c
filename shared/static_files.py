"""Style sheets and scripts, which `manage.py collectstatic` has to put where production serves them from."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage


def uncollected() -> list[str]:
    """The static files that are not in STATIC_ROOT's manifest: each page that names one would fail.

    Always empty where there is no manifest, as in development: there each is served from where it is written.
    """
    collected: dict[str, str] | None = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:
        return []
    found = {path for finder in get_finders() for path, _ in finder.list(StaticFilesConfig.ignore_patterns)}
    return sorted(found - collected.keys())
