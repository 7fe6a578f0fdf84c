"""A prepared query answers as the query that Django writes anew, in each tenant and on each thread."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.db.models import Func, IntegerField, Model
from django.db.models.functions import Length
from django.db.models.sql.compiler import SQLCompiler

from profiles.models import User
from shared.prepared import Prepared, later
from tenants.context import within
from tenants.models import Tenant

PK = User._meta.pk


def by_name() -> Prepared[User]:
    username = later("username", User._meta.get_field("username"))
    members = User.objects.select_related("profile").annotate(letters=Length("username"))
    return Prepared(lambda: members.filter(username__iexact=username))


def values(row: Model) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_its_objects_are_those_of_the_query(acme: Tenant, globex: Tenant, owner: User) -> None:
    with within(acme):
        prepared = by_name()
    for tenant in (acme, globex):
        with within(tenant):
            [member] = prepared.rows(username="OWNER")
            asked = User.objects.select_related("profile").get(username="owner")
            assert vars(member).pop("letters") == 5
            for mine, other in ((member, asked), (member.profile, asked.profile)):
                assert values(mine) == values(other)
            assert prepared.first(username="nobody") is None


def test_its_sql_is_written_once(acme: Tenant, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with within(acme):
        prepared, written = by_name(), []
        assert prepared.first(username="owner") == owner
        monkeypatch.setattr(SQLCompiler, "as_sql", lambda *_: written.append(1))
        assert prepared.rows(username="owner") == [owner]
        assert not written


def test_values_are_those_of_the_call(acme: Tenant, owner: User, reader: User) -> None:
    with within(acme):
        prepared = Prepared(lambda: User.objects.filter(pk=later("pk", PK)))
        assert [prepared.rows(pk=each.pk) for each in (owner, reader, owner)] == [[owner], [reader], [owner]]
        assert prepared.rows(pk=str(reader.pk)) == [reader]
        with pytest.raises(ValueError, match="expected a number"):
            prepared.rows(pk="0 OR true")
        with pytest.raises(KeyError, match="pk"):
            prepared.rows()


def test_each_thread_asks_on_its_own_connection(acme: Tenant) -> None:
    with within(acme):
        prepared, backend = (
            by_name(),
            Prepared(lambda: User.objects.annotate(pid=Func(function="pg_backend_pid", output_field=IntegerField()))),
        )

    def ask() -> tuple[list[User], set[int]]:
        with within(acme):
            return prepared.rows(username="owner"), {member.pid for member in backend.rows()}

    def ask_and_close() -> tuple[list[User], set[int]]:
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        [there], [pid] = pool.submit(ask_and_close).result()
    [here], [own] = ask()
    assert (here, here.profile) == (there, there.profile)
    assert own != pid
