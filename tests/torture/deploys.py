"""A deployment while people work: `migrate`, new code beside the old, and the code alone back again."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.spares import top_up
from tests.bench.processes import WebServer, run_to_its_end, serving
from tests.torture.arena import Arena
from tests.torture.crowd import Crowd, Heard
from tests.torture.operations.clicks import signed_in
from tests.torture.processes import workers

# A column, a table, and an index made concurrently.
RELEASE = "tests.tomorrows.compatible"
THREADS = 8
MIGRATE = ["manage.py", "migrate", "--jobs", "2", "--verbosity", "0"]


@dataclass
class Deploy:
    """What came of it."""

    organisations: int
    migrate_seconds: float
    heard: Heard


def deploy(arena: Arena, organisations: int, seconds: float, random: Random, say: Callable[[str], None]) -> Deploy:
    """All of it, with so many organisations. Each phase lasts so many seconds, and one as long as `migrate` takes."""
    say(f"making {organisations} organisations")
    people = [signed_up(f"deployed-{random.randrange(10**9)}-{number}") for number in range(organisations)]
    top_up()
    old_code, new_code = dict(os.environ), os.environ | {"TORTURE_RELEASE": RELEASE}
    with Crowd(arena, people, random) as crowd:
        migrated = roll_out(arena, crowd, old_code, new_code, seconds, say)
    return Deploy(organisations, migrated, crowd.heard)


def roll_out(
    arena: Arena,
    crowd: Crowd,
    old_code: Mapping[str, str],
    new_code: Mapping[str, str],
    seconds: float,
    say: Callable[[str], None],
) -> float:
    """Returns how long `migrate` took, in seconds."""
    with released(arena, new_code) as new:
        with released(arena, old_code) as old:
            crowd.turn_to("the old code", old)
            time.sleep(seconds)
            say("migrating while people work")
            crowd.turn_to("the old code while `migrate` works", old)
            migrated = run_to_its_end(MIGRATE, new_code, arena.folder / "migrate.log")
            crowd.turn_to("old and new code", old, new)
            time.sleep(seconds)
            crowd.turn_to("the new code", new)
            time.sleep(seconds)
        say("rolling back")
        with released(arena, old_code) as again:
            crowd.turn_to("the new code, and the old one again", new, again)
            time.sleep(seconds)
            crowd.turn_to("the old code again", again)
            time.sleep(seconds)
            crowd.over.set()
            crowd.thread.join()
    return migrated


@contextmanager
def released(arena: Arena, code: Mapping[str, str]) -> Iterator[WebServer]:
    """A web server and workers of this code. Sign-ups take spares, which the workers of each release make."""
    with workers(code, arena.folder), serving(code, THREADS, arena.folder / "deploys.log") as web:
        yield web


def signed_up(slug: str) -> tuple[Tenant, str]:
    """A new organisation, and a session of its owner's."""
    tenant = new_organisation(slug)
    with within(tenant):
        owner = User.objects.get()
    return tenant, signed_in(tenant, owner)
