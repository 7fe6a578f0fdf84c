"""The current tenant: within(), public() and current(), in one thread and in many."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Thread
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, connections
from django_tenants.utils import schema_context, tenant_context

from profiles.models import User
from tenants.context import bound, current, public, required, schema_name, within
from tenants.errors import NoTenant
from tenants.models import Tenant
from tests.tenants.where import address_of, owners_address, search_path


def test_each_organisation_sees_its_own_people(acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            assert owners_address() == address_of(tenant)


def test_search_path_is_the_schema_alone(acme):
    assert search_path() == "public"
    with within(acme):
        assert search_path() == acme.schema_name
    assert search_path() == "public"


def test_blocks_nest_and_give_back_what_was_before(acme, globex):
    with within(acme):
        with within(globex):
            with public():
                assert current() is None
                assert Tenant.objects.filter(pk=acme.pk).exists()
                with within(acme):
                    assert owners_address() == "owner@acme.example"
            assert owners_address() == "owner@globex.example"
        assert owners_address() == "owner@acme.example"
    assert current() is None


def test_an_exception_leaves_the_tenant_too(acme, globex):
    with within(acme):
        with pytest.raises(LookupError), within(globex):
            raise LookupError
        assert current() == acme
    assert current() is None


def test_within_decorates_functions(acme):
    @within(acme)
    def where() -> str:
        return schema_name()

    assert [where(), where()] == [acme.schema_name] * 2
    assert current() is None


def test_a_bound_function_runs_where_it_was_bound_with_what_it_is_given(acme, globex):
    def where(*args: Any, **kwargs: Any) -> tuple[Any, ...]:
        return schema_name(), args, kwargs

    with within(acme):
        function = bound(where)
    with within(globex):
        assert function(1, two=2) == (acme.schema_name, (1,), {"two": 2})
        assert current() == globex


def test_required_says_what_to_do(acme):
    with within(acme):
        assert required() == acme
    with pytest.raises(NoTenant, match=r"with within\(tenant\)"):
        required()


def test_a_queryset_is_evaluated_where_it_is_read(acme, globex):
    """Lazy: created in one tenant, it reads the one that is current when rows are fetched; outside it fails
    loudly.
    """
    with within(acme):
        people = User.objects.filter(pk=1)
    with within(globex):
        assert people[0].email == "owner@globex.example"
    with pytest.raises(NoTenant):
        list(people.all())


def test_django_tenants_contexts_set_the_same_and_restore(acme, globex):
    with tenant_context(acme):
        assert current() == acme
        assert owners_address() == "owner@acme.example"
        with schema_context(globex.schema_name):
            assert schema_name() == globex.schema_name
            assert owners_address() == "owner@globex.example"
        assert owners_address() == "owner@acme.example"
        with schema_context("public"):
            assert current() is None
    assert current() is None


def test_connection_methods_set_the_same(acme, globex):
    connection: Any = connections["default"]
    with within(globex):
        connection.set_tenant(acme)
        assert current() == acme
        assert connection.schema_name == acme.schema_name
        connection.set_schema(globex.schema_name)
        assert search_path() == globex.schema_name
        connection.set_schema_to_public()
        assert current() is None
    assert current() is None


def test_a_tenant_is_no_context_manager_itself(acme):
    with pytest.raises(TypeError, match="within"), acme:
        pass


def test_a_thread_sees_no_tenant_unless_it_gets_the_context(acme):
    seen: list[Tenant | None] = []
    with within(acme):
        threads = [
            Thread(target=lambda: seen.append(current())),
            Thread(target=copy_context().run, args=(lambda: seen.append(current()),)),
        ]
        for thread in threads:
            thread.start()
            thread.join()
    assert seen == [None, acme]


def test_a_thread_without_a_context_fails_loudly(acme_and_globex):
    acme, _ = acme_and_globex

    def count() -> object:
        try:
            return User.objects.count()
        except NoTenant as error:
            return error
        finally:
            connection.close()

    with within(acme), ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(count).result(), NoTenant)
        assert pool.submit(copy_context().run, count).result() == User.objects.count()


def test_a_new_connection_does_not_change_where_its_thread_works(acme_and_globex):
    acme, _ = acme_and_globex

    def work() -> tuple[str, str]:
        try:
            with within(acme):
                return search_path(), schema_name()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() == (acme.schema_name, acme.schema_name)


def test_async_code_sees_the_tenant_of_its_task(acme, globex):
    async def work(tenant: Tenant) -> list[str]:
        seen = []
        with within(tenant):
            for _ in range(5):
                await asyncio.sleep(0)
                seen.append(await sync_to_async(owners_address)())
        return seen

    async def both() -> tuple[list[str], list[str]]:
        return await asyncio.gather(work(acme), work(globex))

    assert [*async_to_sync(both)()] == [[address_of(acme)] * 5, [address_of(globex)] * 5]
    assert current() is None


def test_async_querysets_read_in_the_tenant(acme):
    async def emails() -> list[str]:
        with within(acme):
            return [user.email async for user in User.objects.filter(pk=1)]

    assert async_to_sync(emails)() == ["owner@acme.example"]


def test_a_generator_that_is_dropped_half_way_gives_back_the_tenant(acme):
    def people():
        with within(acme):
            yield from User.objects.order_by("pk")

    generator = people()
    assert next(generator).email == "owner@acme.example"
    generator.close()
    assert current() is None
