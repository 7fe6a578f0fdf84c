"""What PostgreSQL caches for a connection is bounded, in any loop that visits or creates organisations."""

from typing import Any

import pytest
from django.db import connection, transaction

from profiles.models import User
from tenants.backend.memory import CHANGED_COUNTS
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.spares import make_spare


@pytest.fixture
def forgetful(committed: None, settings: Any) -> None:
    """A connection may meet one organisation, and is new."""
    settings.TENANTS_PER_CONNECTION = 1
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # our backend's


def server_process() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def visit(*tenants: Tenant) -> None:
    for tenant in tenants:
        with within(tenant):
            assert User.objects.count() == 5


def test_a_script_that_visits_many_gets_another_connection_in_between(forgetful, acme_and_globex):
    first = server_process()
    visit(acme_and_globex[0], acme_and_globex[0])
    assert server_process() == first
    visit(*acme_and_globex)
    assert server_process() != first


def test_so_does_one_with_a_transaction_for_each(forgetful, acme_and_globex):
    first = server_process()
    for tenant in acme_and_globex:
        with transaction.atomic():
            visit(tenant)
            visit(*acme_and_globex)
    assert server_process() != first


def test_a_transaction_keeps_its_connection(forgetful, acme_and_globex):
    with transaction.atomic():
        first = server_process()
        visit(*acme_and_globex, *acme_and_globex)
        assert server_process() == first


def test_so_does_code_that_reads_the_rows_of_a_cursor(forgetful, acme_and_globex):
    """A loop over all organisations holds its cursor, and visits each of them."""
    seen = []
    for tenant in Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug").iterator(chunk_size=1):
        visit(tenant, *acme_and_globex)
        seen.append(tenant.slug)
    assert seen == ["acme", "globex"]


def test_one_that_is_made_counts_as_many(forgetful, settings):
    settings.TENANTS_PER_CONNECTION = CHANGED_COUNTS + 2
    first = server_process()
    make_spare()
    assert server_process() == first
    make_spare()
    assert server_process() != first
