"""Every command loads all apps first: libraries that only some requests need are imported by what answers those."""

import subprocess
import sys

import pytest

# Each of them takes 0.05 to 0.6 seconds.
SLOW_TO_IMPORT = ("boto3", "dns.resolver", "mcp_types", "ninja", "PIL.Image", "pydantic", "scim2_models")


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    code = "import django, sys; django.setup(); print(*sys.modules)"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(started.stdout.split())


@pytest.mark.parametrize("library", SLOW_TO_IMPORT)
def test_apps_are_loaded_without(library: str, loaded: set[str]) -> None:
    assert "profiles.models" in loaded
    assert library not in loaded, f"Import {library} in the functions that need it: all commands would wait for it."
