"""A node is lost: its organisations are answered 503, all others are served, and `migrate` goes on without them."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare
from tests.nodes.cluster import Cluster
from tests.nodes.conftest import node_of
from tests.nodes.test_placing import place
from tests.tenants.migrating import all_differences, later_code, migrate

PAGE = "/account/login/"


def page(tenant: Tenant) -> int:
    client = SiteClient(tenant)
    client.raise_request_exception = False
    return client.get(PAGE).status_code


@pytest.fixture
def lost(hooli: Tenant, cluster: Cluster) -> Iterator[Tenant]:
    """hooli, on a node that is gone."""
    place(hooli, "--node", "n2")
    assert page(hooli) == 200
    cluster.workers[1].stop()
    yield hooli
    if not cluster.workers[1].is_running():
        cluster.workers[1].start()


def test_its_organisations_get_503_and_all_others_are_served(lost, placed, local, cluster):
    assert [page(tenant) for tenant in (lost, placed, local)] == [503, 200, 200]
    assert Client(SERVER_NAME="localhost").get("/").status_code == 200
    make_spare()
    signed_up = sign_up(
        organisation="Initech", slug="initech", name="Peter", email="p@initech.example", password="a long password"
    ).tenant
    assert page(signed_up) == 200
    cluster.workers[1].start()
    assert [page(tenant) for tenant in (lost, placed, local)] == [200, 200, 200]
    with within(lost):
        assert User.objects.count() == 5


def test_commands_name_what_is_lost_and_do_the_rest(lost, placed, local):
    out = StringIO()
    with pytest.raises(CommandError, match="1 of "):
        call_command("check_schemas", stdout=out)
    [line] = out.getvalue().splitlines()
    assert line.startswith(f"{lost.schema_name} Hooli: schema {lost.schema_name} is 'unreachable")
    with pytest.raises(CommandError, match=r"n2 does not answer"):
        call_command("nodes", "--check", stdout=StringIO())
    with pytest.raises(CommandError, match=r"n2 does not answer"):
        place(local, "--node", "n1")
    assert node_of(local) is None


def test_migrate_goes_on_and_the_next_one_finishes(lost, local, cluster):
    # Not the world's: its placed organisation would be migrated too, and stay so for other tests.
    with later_code("tests.tomorrows.compatible"):
        with pytest.raises(CommandError) as error:
            migrate()
        assert lost.schema_name in str(error.value)
        assert local.schema_name not in str(error.value)
        cluster.workers[1].start()
        migrate()
        assert all_differences() == []
        migrate("profiles", "0018")
    assert all_differences() == []
    connections.close_all()
