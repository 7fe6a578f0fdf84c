"""A cursor follows the current tenant with each of its methods."""

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.models import User
from tenants.context import public, within
from tenants.errors import NoTenant, WrongTenant
from tests.tenants.where import owners_address

EMAIL = "SELECT email FROM profiles_user WHERE id = 1"


@pytest.fixture(params=[False, True], ids=["plain", "with a log of queries"])
def is_logged(request, db):
    """Django has a cursor class of its own for DEBUG and for tests that count queries."""
    connection.force_debug_cursor = request.param
    yield
    connection.force_debug_cursor = False


@pytest.fixture
def cursor(acme, is_logged):
    """A cursor that was opened, and used once, in acme."""
    with within(acme), connection.cursor() as cursor:
        cursor.execute(EMAIL)
        with public():
            yield cursor


def test_execute(cursor, globex):
    with within(globex):
        cursor.execute(EMAIL)
    assert cursor.fetchone() == ("owner@globex.example",)


def test_executemany(cursor, acme, globex):
    with within(globex):
        cursor.executemany("UPDATE profiles_user SET first_name = %s WHERE id = %s", [("Changed", 1), ("Changed", 2)])
        assert User.objects.filter(first_name="Changed").count() == 2
    with within(acme):
        assert not User.objects.filter(first_name="Changed").exists()


def test_copy(cursor, globex):
    with within(globex), cursor.copy(f"COPY ({EMAIL}) TO STDOUT") as rows:
        assert [*rows.rows()] == [("owner@globex.example",)]


def test_stream(cursor, globex):
    with within(globex):
        assert [*cursor.stream(EMAIL)] == [("owner@globex.example",)]


def test_callproc(cursor, globex):
    with within(globex):
        cursor.callproc("current_schema")
        assert cursor.fetchone() == (globex.schema_name,)


@pytest.mark.parametrize("by_name", [False, True])
def test_parameters_go_along(cursor, by_name):
    args, named = ([], {"params": ["7"]}) if by_name else ([["7"]], {})
    with cursor.copy("COPY (SELECT %s) TO STDOUT", *args, **named) as rows:
        assert [*rows.rows()] == [("7",)]
    assert [*cursor.stream("SELECT %s", *args, **named)] == [("7",)]
    cursor.callproc("upper", *args, **named)
    assert cursor.fetchone() == ("7",)


def test_a_statement_outside_says_so(cursor):
    with pytest.raises(NoTenant), transaction.atomic():
        cursor.execute(EMAIL)


def test_copy_is_in_the_log_of_queries(acme):
    with within(acme), CaptureQueriesContext(connection) as queries:
        connection.cursor().copy(f"COPY ({EMAIL}) TO STDOUT")
    assert "COPY" in queries[-1]["sql"]


def test_a_cursor_of_a_closed_connection(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        cursor = connection.cursor()
        connection.close()
    with within(globex), pytest.raises((InterfaceError, OperationalError)):
        cursor.execute(EMAIL)


def test_raw(acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            assert User.objects.raw("SELECT * FROM profiles_user WHERE id = 1")[0].email == owners_address()


def test_iterator_reads_where_it_began(acme, globex, is_logged):
    with within(acme):
        for user in User.objects.order_by("pk").iterator(chunk_size=2):
            with within(globex):
                assert owners_address() == "owner@globex.example"
            assert user.email.endswith("@acme.example")


def test_iterator_is_not_continued_in_another_tenant(acme, globex, is_logged):
    """Its objects would be marked as globex's, and a save() would overwrite globex's people with acme's."""
    with within(acme):
        people = User.objects.order_by("pk").iterator(chunk_size=2)
        next(people)
    with within(globex), pytest.raises(WrongTenant, match="Finish it where it began"):
        next(people)


def test_iterator_on_a_holdable_cursor(acme_and_globex):
    """Without a transaction, PostgreSQL keeps the rows of a server-side cursor aside."""
    acme, globex = acme_and_globex
    with within(acme):
        people = User.objects.order_by("pk").iterator(chunk_size=2)
        seen = [next(people).email]
        with within(globex):
            owners_address()
        assert [*seen, *(user.email for user in people)] == [
            *User.objects.order_by("pk").values_list("email", flat=True)
        ]
