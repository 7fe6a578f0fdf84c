"""The settings of the tests, with the site of server-sent events."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.tenants.serving.live_urls"
LIVE = {"most": 3, "most_of_one": 2, "seconds": 600}
TURNS = {"places": 1, "most": 1, "longest": 20}
