"""Two organisations of very many members, one of which has fields of its own, asked for the same pages in turn."""

import time

from django.db import connection

from profiles.custom_fields.models import Field
from profiles.custom_fields.searching import renew_words
from profiles.models import User
from profiles.testing import SiteClient, new_organisation
from tenants.context import as_owner, within
from tenants.models import Tenant
from tests.profiles.people.test_big_organisation import FILL

FIELDS, COLUMNS, SEARCHED = 20, 3, 5
PATHS = {
    "the list": "/people/",
    "the list further down": "/people/?after=kaaanna+lastname5~9000",
    "search for a rare word": "/people/?q=member-777",
    "search for a word that all have": "/people/?q=lastname",
    "search for one letter": "/people/?q=l",
    "a person's page": "/people/member-700/",
}
VALUES = """
INSERT INTO custom_fields_values (profile_id, values)
SELECT p.id, (
    SELECT jsonb_object_agg('field_' || n, 'Wörd' || (p.id * n %% 997) || ' of field ' || n)
    FROM generate_series(1, %(fields)s) n)
FROM profiles_profile p;
ANALYZE custom_fields_values, custom_fields_field
"""
Pair = tuple[list[float], list[float]]


def made(slug: str, members: int) -> Tenant:
    tenant = new_organisation(slug)
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute(FILL, {"members": members})
    return tenant


def fill(tenant: Tenant) -> float:
    """Give all members values in all fields. Returns how many seconds the words of the search take."""
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


def timed(plain: Tenant, filled: Tenant, path: str, rounds: int) -> Pair:
    """Seconds of both, in turn, so that both meet the same neighbours on the machine."""
    browsers = [browser(plain), browser(filled)]
    taken: Pair = ([], [])
    for each in browsers:
        each.get(path)
    for _ in range(rounds):
        for each, times in zip(browsers, taken, strict=True):
            began = time.perf_counter()
            assert each.get(path).status_code == 200
            times.append(time.perf_counter() - began)
    return taken


def browser(tenant: Tenant) -> SiteClient:
    with within(tenant):
        return SiteClient(tenant).sign_in(User.objects.get(role="owner"))
