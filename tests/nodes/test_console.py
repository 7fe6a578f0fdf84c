"""Operators place an organisation from their console: a job does it, and the organisation's page says how far it is."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.testing import SiteClient, make_people, needs, person
from profiles.testing.matrix import as_operators
from tenants.context import public, within
from tenants.models import Tenant
from tenants.nodes.errors import NotPlaced
from tenants.nodes.tasks import PLACE, RETRY
from tenants.organisations.remove import inventory
from tenants.schemas.migrating.schemas import only_one
from tests.nodes.cluster import Cluster
from tests.nodes.conftest import node_of
from tests.nodes.test_jobs import until, worker
from tests.nodes.test_placing import place
from tests.profiles.operators.console import REASON, entries, page

__all__ = ["worker"]
pytestmark = needs("profiles.operators")


@pytest.fixture
def operators(new_tenant: Callable[[str], Tenant]) -> Iterator[Tenant]:
    """An organisation of the test's own, whose members are operators."""
    tenant = new_tenant("initech")
    with within(tenant):
        make_people("initech")
    yield as_operators(tenant)
    with public():
        Tenant.objects.filter(pk=tenant.pk).update(is_operators=False)


@pytest.fixture
def operator(operators: Tenant) -> SiteClient:
    return SiteClient(operators).sign_in(person(operators, "owner")).give_password()


def job() -> ProcrastinateJob:
    with public():
        return ProcrastinateJob.objects.get(task_name=PLACE)


def run() -> None:
    """As a worker, here and without a transaction."""
    row = job()
    app.tasks[PLACE].func(**row.args)
    change("DELETE FROM procrastinate_jobs WHERE id = %s", row.pk)


def change(statement: str, *values: int | str) -> None:
    with public(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def server(operator: SiteClient, tenant: Tenant) -> list[str]:
    """The lines that the page has of its server."""
    text = operator.get(page(tenant)).text
    _before, found, after = text.partition("<dt>Server</dt><dd>")
    return after.partition("</dd>")[0].split("<br>") if found else []


def test_an_operator_places_it_and_brings_it_back(hooli, operators, operator, worker):
    assert "Bring back" not in operator.get(page(hooli)).text
    form = operator.get(page(hooli, "place")).text
    assert "n1 (127.0.0.1:" in form
    assert "n0 (" not in form
    refused = operator.post(page(hooli, "place"), {"reason": "why", "node": "n7"})
    assert len(refused.context["form"].errors) == 2
    answer = operator.post(page(hooli, "place"), {"reason": REASON, "node": "n2"}, follow=True)
    assert "Hooli will be placed on n2." in answer.text
    until(lambda: server(operator, hooli) == ["n2"])
    done, asked = entries(operators)[:2]
    assert (done.kind, done.changes) == ("console.placed", {"node": ["n0", "n2"]})
    assert (asked.kind, asked.changes) == ("console.place", {"reason": ["", REASON]})
    assert "Moved to another server" in operator.get(page(hooli)).text
    assert "n2</span>" in operator.get("/console/organisations/").text
    operator.post(page(hooli, "bring_back"), {"reason": REASON})
    until(lambda: server(operator, hooli) == [])
    assert node_of(hooli) is None


def test_its_page_says_how_far_it_is(hooli, operator):
    operator.post(page(hooli, "place"), {"reason": REASON, "node": "n1"})
    assert server(operator, hooli) == ["waits to go to n1"]
    again = operator.post(page(hooli, "place"), {"reason": REASON, "node": "n2"})
    assert "It is already being placed." in again.text
    change("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", PLACE)
    assert server(operator, hooli) == ["its rows are being copied, for n1"]
    run()
    operator.post(page(hooli, "place"), {"reason": REASON, "node": "n2"})
    change("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", PLACE)
    assert server(operator, hooli) == ["n1", "is moving to n2"]
    connection.close()


def test_what_is_in_the_way_is_in_the_log(hooli, operators, operator, cluster: Cluster):
    operator.post(page(hooli, "place"), {"reason": REASON, "node": "n1"})
    cluster.workers[1].stop()
    try:
        with pytest.raises(NotPlaced):
            run()
    finally:
        cluster.workers[1].start()
    assert "n2 does not answer" in entries(operators)[0].changes["reason"][1]
    change("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = %s", PLACE)
    text = operator.get(page(hooli)).text
    assert server(operator, hooli) == ["could not go to n1"]
    assert "n2 does not answer" in text
    run()
    assert server(operator, hooli) == ["n1"]
    connection.close()


def test_beside_a_migrate_it_is_tried_again(hooli, operators, operator):
    operator.post(page(hooli, "place"), {"reason": REASON, "node": "n1"})
    before = len(entries(operators))

    def busy() -> None:
        with pytest.raises(tuple(RETRY.retry_exceptions or [])):
            run()
        connection.close()

    with only_one(), ThreadPoolExecutor(1) as pool:
        pool.submit(busy).result()
    assert len(entries(operators)) == before


def test_figures_are_of_the_node_too_and_a_lost_one_stops_no_census(hooli, local, cluster: Cluster):
    from profiles.operators import census
    from profiles.operators.models import Census

    def counted(tenant: Tenant) -> Census:
        census.take()
        with public():
            return Census.objects.get(tenant=tenant)

    with within(hooli), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE profiles_profile SET bio = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 9999) n)"
        )
    before = counted(hooli)
    place(hooli, "--node", "n1")
    assert counted(hooli).schema_bytes > 0.8 * before.schema_bytes > 1_000_000
    assert inventory(hooli).table_bytes > 0.8 * before.schema_bytes
    cluster.workers[0].stop()
    try:
        at = counted(local).at
        assert counted(hooli).at < at
    finally:
        cluster.workers[0].start()
    connection.close()


def test_only_who_operates_places(hooli, operators):
    editor = SiteClient(operators).sign_in(person(operators, "editor"))
    assert editor.post(page(hooli, "place"), {"reason": REASON, "node": "n1"}).status_code == 403
    assert "Place on a node" not in editor.get(page(hooli)).text
