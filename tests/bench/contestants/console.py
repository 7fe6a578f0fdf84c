"""The operators' console: its census of all organisations, and its list of them."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.template.loader import render_to_string

from profiles.operators import census
from profiles.operators.lists import OrganisationFilter
from profiles.operators.models import Census
from shared.keyset import keyset_page
from tenants.context import as_owner, public
from tests.bench.contestants.base import timed

KIBIBYTES = 1024
PAGE = 50
# Rows of the directory without a schema: the list reads the directory and the figures alone.
DIRECTORY = """
INSERT INTO tenants_tenant (schema_name, name, slug, slug_skeleton, state, fingerprint, created, logo)
SELECT 't_listed' || lpad(number::text, 8, '0'), 'Listed ' || number, 'listed-' || number, 'listed-' || number,
    'active', '', now(), '' FROM generate_series(1, %s) number
"""
FIGURES = """
INSERT INTO operators_census
    (tenant_id, at, members, owners, schema_bytes, file_bytes, failed_jobs, last_seen, more)
SELECT id, now(), id % 97, 1, 1000000 + id, id, 0, now(), '{}' FROM tenants_tenant WHERE slug LIKE 'listed-%'
"""


def take_census() -> list[float]:
    """Seconds, MiB more at the peak of this process, and how many organisations were counted."""
    before = peak()
    with timed() as seconds:
        number = census.take()
    return [seconds[0], peak() - before, number]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES


def list_pages(organisations: int, rounds: int) -> list[float]:
    """Seconds of the first page's statements and rows, in each round, among so many organisations."""
    with listed(organisations):
        return [page() for _round in range(rounds)]


@contextmanager
def listed(organisations: int) -> Iterator[None]:
    """So many more rows, until the end of the block."""
    with public(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(DIRECTORY, [organisations])
            cursor.execute(FIGURES)
            with as_owner():  # PostgreSQL skips tables of others, with a warning, and then has old statistics.
                cursor.execute("ANALYZE tenants_tenant, operators_census")
        assert Census.objects.count() >= organisations
        yield
        transaction.set_rollback(True)


def page() -> float:
    filters = OrganisationFilter({"q": ""})
    with timed() as seconds, public():
        found = keyset_page(filters.narrow(""), {}, PAGE)
        assert found.count > 0
        for tenant in found.rows:
            render_to_string("profiles/console_state.html", {"tenant": tenant})
    return seconds[0]
