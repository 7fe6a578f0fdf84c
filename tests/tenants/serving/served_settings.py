"""The settings of the tests, with the site whose views misbehave, and places for two requests."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.tenants.strange_urls"
TURNS = {"places": 2, "most": 1, "longest": 20}
TIMEOUTS = TIMEOUTS | {"request": ("500ms", "5s", "30s")}  # noqa: F405
