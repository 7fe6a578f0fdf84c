"""sign_up() by several in one moment, and what others see meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from profiles.models import User
from tenants.context import within
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tenants.serving import hosts
from tests.tenants.organisations.test_sign_up import works

HERE = "tests.tenants.organisations.test_sign_up_at_once"


@pytest.fixture
def committed_stock(committed) -> None:
    """Three spares."""
    for _ in range(3):
        make_spare()


class SlowOwner:
    """Lets a test run code while an organisation is being created."""

    came, go_on = Event(), Event()


def slow_owner(**values: str) -> str:
    from profiles.organisation.owners import make_owner

    path = make_owner(**values)
    SlowOwner.came.set()
    assert SlowOwner.go_on.wait(10)
    return path


def at_once(*slugs: str) -> list[Any]:
    """The result or exception of each sign-up. They start together, each on its own connection."""
    start = Barrier(len(slugs))

    def run(slug: str) -> Any:
        try:
            start.wait()
            return works(slug)
        except ValidationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(slugs)) as pool:
        return list(pool.map(run, slugs))


def test_organisation_in_the_making_cannot_be_reached(committed, settings):
    make_spare()
    settings.TENANT_OWNER = f"{HERE}.slow_owner"

    def visit() -> int:
        return Client(SERVER_NAME="half-made.localhost").get("/").status_code

    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(at_once, "half-made")
        assert SlowOwner.came.wait(10)
        assert visit() == 404
        SlowOwner.go_on.set()
        making.result(10)
    hosts.clear()
    assert visit() == 302


@pytest.mark.parametrize("number", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_of_several_who_want_one_slug_one_gets_it(committed, number):
    for _ in range(number):
        make_spare()
    results = at_once(*["rocket-club"] * number)
    refused = [each for each in results if isinstance(each, ValidationError)]
    assert [each.code for each in refused] == ["taken"] * (number - 1)
    tenant = Tenant.objects.get(slug="rocket-club")
    assert Domain.objects.filter(domain="rocket-club.localhost").count() == 1
    with within(tenant):
        assert User.objects.count() == 1


@pytest.mark.slow
def test_of_two_who_want_look_alikes_one_gets_theirs(committed_stock):
    results = at_once("star-club", "star-c1ub")
    assert sorted(type(each).__name__ for each in results) == ["SignedUp", "ValidationError"]
    assert Tenant.objects.filter(slug__startswith="star-").count() == 1


@pytest.mark.slow
def test_those_who_sign_up_at_once_get_different_schemas(committed_stock):
    tenants = [each.tenant for each in at_once("club-east", "club-west", "club-north")]
    assert len({tenant.schema_name for tenant in tenants}) == 3
    for tenant in tenants:
        with within(tenant):
            assert User.objects.count() == 1
