"""Many members with many fields of their organisation's own: lists and searches stay as fast as without."""

import time
from collections.abc import Callable, Iterator
from random import Random
from statistics import median

from django.db import connection

from profiles.custom_fields.models import Field
from profiles.custom_fields.searching import renew_words
from profiles.models import User
from profiles.testing import SiteClient, new_organisation
from tenants.context import as_owner, within
from tenants.models import Tenant
from tests.profiles.people.test_big_organisation import FILL
from tests.torture.arena import Arena
from tests.torture.outages import Outage

FIELDS, COLUMNS, SEARCHED = 20, 3, 5
# Most times as long as without fields.
MOST = 1.2
ROUNDS = 40
PATHS = {
    "list": "/people/",
    "list further down": "/people/?after=kaaanna+lastname5~9000",
    "search for a rare word": "/people/?q=member-777",
    "search for a common word": "/people/?q=lastname",
    "a person": "/people/member-700/",
}
VALUES = """
INSERT INTO custom_fields_values (profile_id, values)
SELECT p.id, (
    SELECT jsonb_object_agg('field_' || n, 'Wörd' || (p.id * n %% 997) || ' of field ' || n)
    FROM generate_series(1, %(fields)s) n)
FROM profiles_profile p;
ANALYZE custom_fields_values, custom_fields_field
"""


def play(arena: Arena, random: Random, members: int, say: Callable[[str], None]) -> Iterator[Outage]:
    """Two organisations of so many members, one with fields, are asked in turn."""
    del arena  # Has made the database.
    outage = Outage(f"{members} members with {FIELDS} fields")
    plain, filled = (made(f"fields-{random.randrange(10**9)}", members, say) for _ in range(2))
    say("filling the fields in")
    outage.figures.append(f"the words of all members are written in {fill(filled):.0f} s")
    browsers = [browser(plain), browser(filled)]
    for name, path in PATHS.items():
        say(name)
        without, having = timed(browsers, path)
        outage.figures.append(f"{name} {without * 1000:.1f} ms without, {having * 1000:.1f} ms with fields")
        outage.demand(having <= MOST * without, f"{name} takes {having / without:.2f} times as long")
    yield outage


def made(slug: str, members: int, say: Callable[[str], None]) -> Tenant:
    say(f"making an organisation of {members} members")
    tenant = new_organisation(slug)
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute(FILL, {"members": members})
    return tenant


def fill(tenant: Tenant) -> float:
    """Returns how many seconds the words of the search take."""
    with as_owner(), within(tenant), connection.cursor() as cursor:
        Field.objects.bulk_create(
            Field(
                key=f"field_{number}",
                label=f"Field {number}",
                position=number,
                is_column=number <= COLUMNS,
                is_searched=number <= SEARCHED,
            )
            for number in range(1, FIELDS + 1)
        )
        cursor.execute(VALUES, {"fields": FIELDS})
        began = time.monotonic()
        renew_words()
        seconds = time.monotonic() - began
        # The space of the rows before is not what is measured.
        cursor.execute("VACUUM FULL ANALYZE profiles_user")
    return seconds


def browser(tenant: Tenant) -> SiteClient:
    with within(tenant):
        return SiteClient(tenant).sign_in(User.objects.get(role="owner"))


def timed(browsers: list[SiteClient], path: str) -> tuple[float, float]:
    """Medians of both, in turn, so that both meet the same neighbours on the machine."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for each, times in zip(browsers, taken, strict=True):
            began = time.perf_counter()
            assert each.get(path).status_code == 200
            times.append(time.perf_counter() - began)
    return median(taken[0]), median(taken[1])
