"""The tests' settings on the day when tomorrow's code is deployed, for processes of its own."""

from config.settings import MIGRATION_MODULES
from tests.settings import *  # noqa: F403

MIGRATION_MODULES = {**MIGRATION_MODULES, "profiles": "tests.tomorrow"}
