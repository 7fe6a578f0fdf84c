"""Commands load all apps first, and most also check all URLs. What only some requests need is imported by these."""

import subprocess
import sys

import pytest

# Each of them takes 0.05 to 0.6 seconds.
SLOW_TO_IMPORT = ("boto3", "dns.resolver", "mcp_types", "scim2_models")
# The URLs of the API are those of ninja's operations, whose forms are pydantic's. Views of pictures open pictures.
LOADED_BY_URLS = ("ninja", "PIL.Image", "pydantic")

APPS = "import django; django.setup()"
URLS = f"""
{APPS}
from django.core.management import call_command
call_command("check")
import config.public_urls, config.operator_urls
"""


def loaded(code: str) -> set[str]:
    code = f"{code}\nimport sys; print(*sys.modules)"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(started.stdout.split())


@pytest.fixture(scope="module")
def with_apps() -> set[str]:
    return loaded(APPS)


@pytest.fixture(scope="module")
def with_urls() -> set[str]:
    return loaded(URLS)


@pytest.mark.parametrize("library", SLOW_TO_IMPORT + LOADED_BY_URLS)
def test_apps_are_loaded_without(library: str, with_apps: set[str]) -> None:
    assert "profiles.models" in with_apps
    assert library not in with_apps, f"Import {library} in the functions that need it: all commands would wait for it."


@pytest.mark.slow
@pytest.mark.parametrize("library", SLOW_TO_IMPORT)
def test_urls_are_loaded_and_checked_without(library: str, with_urls: set[str]) -> None:
    assert {"config.tenant_urls", "profiles.people.views", "tenants.organisations.urls"} <= with_urls
    assert library not in with_urls, f"Import {library} in the views that need it: most commands would wait for it."


@pytest.mark.slow
def test_commands_end_without_freeing_each_module() -> None:
    code = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count()))  # functions that are registered first are called last
import manage
sys.argv = ["manage.py", "check"]
manage.main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ended.stdout.split()[-1]) > 50_000
