"""The engine is in the current schema at every statement, in spite of what happened to the connection before."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql import introspection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from profiles.models import User
from profiles.models.profile import Profile
from tenants.backend.base import DatabaseWrapper
from tenants.backend.introspection import TABLES
from tenants.context import as_owner, current, public, within
from tenants.models import Tenant
from tests.tenants.where import address_of, owners_address, search_path


class Refused(Exception):
    """Raised to roll a block back."""


def fail() -> None:
    """A statement that PostgreSQL refuses, so that the transaction is aborted."""
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_one_switch_for_any_number_of_statements(acme):
    with within(acme), CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            User.objects.count()
    assert sum("set_config" in query["sql"] for query in queries) == 1
    assert len(queries) == 4


def test_no_switch_where_the_connection_is_there(acme, django_assert_num_queries):
    with within(acme):
        User.objects.count()
    with within(acme), django_assert_num_queries(1):
        User.objects.count()


def test_a_switch_sends_only_what_differs(acme, globex):
    with within(acme):
        User.objects.count()
    with within(globex), CaptureQueriesContext(connection) as queries:
        User.objects.count()
    switch = queries[0]["sql"]
    assert all(f"'{name}'" in switch for name in ("search_path", "role", "application_name"))
    assert "timeout" not in switch


def test_no_switch_without_a_statement(acme, globex, django_assert_num_queries):
    with django_assert_num_queries(0), within(acme), within(globex), public():
        pass


def test_the_application_name_says_who_a_query_is_for(acme):
    with within(acme), connection.cursor() as cursor:
        cursor.execute("SELECT split_part(current_setting('application_name'), ' ', 2)")
        assert cursor.fetchone() == (acme.schema_name,)


def test_introspection_looks_into_the_current_schema(acme):
    """Without a separate switch around each query."""
    assert "tenants_tenant" in connection.introspection.table_names()
    with within(acme):
        with CaptureQueriesContext(connection) as queries:
            tables = connection.introspection.table_names()
        assert "profiles_user" in tables
        assert "tenants_tenant" not in tables
        assert not any("SET search_path" in query["sql"] for query in queries)


def test_introspection_finds_what_djangos_finds(acme):
    parent = introspection.DatabaseIntrospection(connection)
    for place in (public(), within(acme)):
        with place, as_owner(), connection.cursor() as cursor:
            cursor.execute("CREATE VIEW peek AS SELECT 1")
            cursor.execute("CREATE TABLE parts (id int) PARTITION BY LIST (id)")
            cursor.execute("COMMENT ON TABLE parts IS 'Of a whole'")
            cursor.execute("CREATE TABLE part PARTITION OF parts DEFAULT")
            cursor.execute("CREATE MATERIALIZED VIEW still AS SELECT 1")
            found = connection.introspection.get_table_list(cursor)
            assert sorted(found) == sorted(parent.get_table_list(cursor))
            kinds = {("peek", "v"), ("parts", "t"), ("part", "p"), ("still", "v")}
            assert kinds <= {(table.name, table.type) for table in found}


def test_introspection_finds_nothing_where_nothing_is(db):
    with within(Tenant(schema_name="t_gone", slug="gone")), as_owner():
        assert connection.introspection.table_names() == []


def test_introspection_reads_no_tables_of_others(acme):
    """As many as there may be: an index leads to one's own."""
    with within(acme), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {TABLES}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "pg_depend_reference_index" in plan
    assert "pg_class_oid_index" in plan
    assert "Seq Scan" not in plan


def test_it_is_made_as_djangos_is(db):
    assert DatabaseWrapper(connection.settings_dict, alias="other").alias == "other"


def test_a_rolled_back_savepoint_takes_nothing_along(acme, globex):
    with within(acme):
        owners_address()
        with pytest.raises(Refused), transaction.atomic(), within(globex):
            owners_address()
            raise Refused
        assert owners_address() == "owner@acme.example"
    with within(globex):
        assert owners_address() == "owner@globex.example"


def test_nested_savepoints(acme, globex):
    with within(acme), transaction.atomic():
        owners_address()
        with pytest.raises(Refused), transaction.atomic(), within(globex):
            owners_address()
            with transaction.atomic(), within(acme):
                owners_address()
            raise Refused
        with within(globex):
            assert owners_address() == "owner@globex.example"
        assert owners_address() == "owner@acme.example"


def test_an_aborted_savepoint(acme, globex):
    """In an aborted transaction no switch is possible; after its end, the connection is switched."""
    with within(acme):
        owners_address()
        with pytest.raises(Refused), transaction.atomic():
            with within(globex):
                owners_address()
                fail()
            with pytest.raises(DatabaseError):
                owners_address()
            raise Refused
        assert owners_address() == "owner@acme.example"


def test_set_rollback(acme, globex):
    with transaction.atomic(), within(globex):
        owners_address()
        transaction.set_rollback(True)
    with within(globex):
        assert owners_address() == "owner@globex.example"


def test_manual_savepoints(acme, globex):
    with within(acme):
        owners_address()
        savepoint = transaction.savepoint()
        with within(globex):
            owners_address()
            transaction.savepoint_rollback(savepoint)
            assert owners_address() == "owner@globex.example"
        assert owners_address() == "owner@acme.example"


def test_a_rolled_back_transaction(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        owners_address()
    with pytest.raises(Refused), transaction.atomic(), within(globex):
        owners_address()
        raise Refused
    with within(globex):
        assert owners_address() == "owner@globex.example"


def test_committing_a_failed_transaction_is_an_error(acme_and_globex):
    """PostgreSQL answers COMMIT with a silent rollback: search_path is what it was, and nothing has been
    written.
    """
    acme, globex = acme_and_globex
    with within(acme):
        owners_address()
    told = []
    said = "it cannot be committed"
    with pytest.raises(TransactionManagementError, match=said), transaction.atomic(), within(globex):
        owners_address()
        transaction.on_commit(lambda: told.append("committed"))
        fail()
    assert told == []
    with within(globex):
        assert owners_address() == "owner@globex.example"
    with within(acme):
        assert owners_address() == "owner@acme.example"


def test_a_commit_that_a_deferred_constraint_refuses(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        owners_address()
    with pytest.raises(IntegrityError), transaction.atomic(), within(globex):
        Profile.objects.bulk_create([Profile(user_id=987_654)])
    with within(globex):
        assert owners_address() == "owner@globex.example"
        assert not Profile.objects.filter(user_id=987_654).exists()


def test_manual_transactions(acme_and_globex):
    acme, _ = acme_and_globex
    transaction.set_autocommit(False)
    try:
        with within(acme):
            owners_address()
        transaction.rollback()
        with within(acme):
            assert owners_address() == "owner@acme.example"
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


def test_a_connection_that_is_closed_and_opened_again(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        owners_address()
        connection.close()
        assert owners_address() == "owner@acme.example"
    with within(globex):
        connection.close()
        assert owners_address() == "owner@globex.example"


def test_a_connection_that_the_server_closed(acme_and_globex):
    acme, _ = acme_and_globex
    with within(acme):
        owners_address()
        with public(), pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.close_if_unusable_or_obsolete()
        assert owners_address() == "owner@acme.example"


@pytest.mark.slow
def test_two_thousand_switches_in_four_threads(acme_and_globex):
    """Shuffled, with exceptions, rollbacks and savepoints: not one statement goes to another tenant."""
    with ThreadPoolExecutor(4) as pool:
        wrong = [*pool.map(switch_at_random, range(4), [acme_and_globex] * 4)]
    assert wrong == [0] * 4


def switch_at_random(seed: int, tenants: list) -> int:
    chance, wrong = random.Random(seed), 0  # noqa: S311  a shuffle that can be repeated
    try:
        for _ in range(500):
            tenant = chance.choice([*tenants, None])
            with within(tenant) if tenant else public():
                wrong += not step(chance, tenants)
            wrong += current() is not None
    finally:
        connection.close()
    return wrong


def step(chance: random.Random, tenants: list) -> bool:
    """One action in a tenant; returns whether it was done there."""
    is_atomic = chance.random() < 0.5
    with suppress(Refused), transaction.atomic() if is_atomic else nullcontext():
        if chance.random() < 0.3:
            with within(chance.choice(tenants)):
                owners_address()
        if chance.random() < 0.2:
            step(chance, tenants)
        if is_atomic and chance.random() < 0.2:
            fail()
            raise Refused
        if chance.random() < 0.2:
            raise Refused
    here = current()
    return search_path() == "public" if here is None else owners_address() == address_of(here)
