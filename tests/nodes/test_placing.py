"""An organisation is placed on a node, works there, is moved, and comes back, whatever is killed on the way."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction

from profiles.models import Profile, User
from profiles.testing import SiteClient, person
from tenants.context import as_owner, within
from tenants.models import Tenant
from tenants.nodes import placing
from tenants.nodes.converting import sums
from tenants.nodes.engine import node_named
from tenants.nodes.errors import NotPlaced
from tenants.organisations.remove import remove
from tenants.schemas.drift import differences
from tenants.schemas.migrating.schemas import only_one
from tenants.schemas.spares import make_spare
from tests.nodes.conftest import node_of, rows_on

ROOT = Path(__file__).parents[2]
IN_USE = "its tables are in use; trying again"
PLACING = "tenants.nodes.placing"
CONVERTING = "tenants.nodes.converting"
# Calls after which the process is killed, on the way to a node and on the way back.
THERE = [(CONVERTING, "sums", 1), (CONVERTING, "differences", 1), (PLACING, "distribute", 1), (PLACING, "move", 1)]
BACK = [(PLACING, "move", 1), (CONVERTING, "not_null", 1), (CONVERTING, "differences", 1), (PLACING, "undistribute", 1)]


def place(tenant: Tenant, *words: str) -> str:
    out = StringIO()
    call_command("place_organisation", tenant.schema_name, *words, stdout=out)
    return out.getvalue()


def killed(tenant: Tenant, where: tuple[str, str, int], *words: str) -> None:
    arguments = [connection.settings_dict["NAME"], json.dumps(where), "place_organisation", tenant.schema_name, *words]
    done = subprocess.run([sys.executable, "-m", "tests.nodes.killed", *arguments], cwd=ROOT, check=False)
    assert done.returncode == -9


def state(tenant: Tenant) -> dict[str, object]:
    with within(tenant), as_owner(), connection.cursor() as cursor:
        return sums(cursor)


def works(tenant: Tenant) -> None:
    """Pages, writing with triggers, numbers that continue, and rules in tables."""
    owner = person(tenant, "owner")
    client = SiteClient(tenant).sign_in(owner)
    assert client.get("/people/").status_code == 200
    with within(tenant):
        before = User.objects.order_by("-pk").values_list("pk", flat=True)[0]
        Profile.objects.filter(user=owner).update(location="Rome", location_seen_by="everyone")
        assert User.objects.get(pk=owner.pk).place == "Rome"
        added = User.objects.create_user(f"more{before}", f"more{before}@hooli.example", "secret")
        assert added.pk > before
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(f"MORE{before}", f"other{before}@hooli.example", "secret")


def test_an_organisation_is_placed_moved_and_comes_back(hooli, cluster):
    before = state(hooli)
    assert "is on n1" in place(hooli, "--node", "n1")
    assert (node_of(hooli), state(hooli)) == ("n1", before)
    assert rows_on(cluster, 1, hooli) == before["profiles_user"] == 5
    works(hooli)
    place(hooli, "--node", f"127.0.0.1:{cluster.workers[1].port}")
    assert (node_of(hooli), rows_on(cluster, 2, hooli), rows_on(cluster, 1, hooli)) == ("n2", 6, 0)
    works(hooli)
    before = state(hooli)
    assert "ordinary schema" in place(hooli, "--home")
    assert (node_of(hooli), state(hooli), list(differences([hooli]))) == (None, before, [])
    works(hooli)
    place(hooli, "--node", "n2")
    remove(hooli, release_address=True)
    name = connection.settings_dict["NAME"]
    for node in cluster.nodes:
        assert node.query("SELECT FROM pg_roles WHERE rolname = %s", [hooli.schema_name]) == []
        assert node.query("SELECT FROM pg_namespace WHERE nspname = %s", [hooli.schema_name], name) == []


@pytest.mark.parametrize("where", THERE)
def test_killed_on_the_way_to_a_node(hooli, where):
    before = state(hooli)
    killed(hooli, where, "--node", "n1")
    works(hooli)
    before = state(hooli)
    place(hooli, "--node", "n1")
    assert (node_of(hooli), state(hooli), list(differences([hooli]))) == ("n1", before, [])


@pytest.mark.parametrize("where", BACK)
def test_killed_on_the_way_back(hooli, where):
    place(hooli, "--node", "n1")
    killed(hooli, where, "--home")
    works(hooli)
    before = state(hooli)
    place(hooli, "--home")
    assert (node_of(hooli), state(hooli), list(differences([hooli]))) == (None, before, [])


def test_what_would_not_work_is_said_before(hooli, cluster):
    with within(hooli), as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE diary (day date)")
    with pytest.raises(CommandError, match="table diary has no primary key"):
        place(hooli, "--node", "n1")
    with pytest.raises(CommandError, match=r"no node “n7”. There are n0 \(127"):
        place(hooli, "--node", "n7")
    with pytest.raises(CommandError, match="Only active and suspended"):
        place(make_spare(), "--node", "n1")
    assert node_of(hooli) is None


def test_not_beside_a_migrate(hooli):
    def other() -> str:
        with pytest.raises(CommandError) as error:
            place(hooli, "--node", "n1")
        connection.close()
        return str(error.value)

    with only_one(), ThreadPoolExecutor(1) as pool:
        assert "is running" in pool.submit(other).result()


def test_who_uses_its_tables_is_waited_for_and_holds_no_one_up(hooli, cluster, monkeypatch):
    """Behind a long transaction, copying gives its locks up again and again; others write meanwhile."""
    monkeypatch.setattr(placing, "LOCK_PAUSE_SECONDS", 0.2)
    name, said = connection.settings_dict["NAME"], []
    with cluster.coordinator.connect(name) as other:
        other.autocommit = False
        other.execute(f"INSERT INTO {hooli.schema_name}.receivers_product (name, stock) VALUES ('mine', 1)")  # noqa: S608  a name of ours

        def tell(what: str) -> None:
            said.append(what)
            if said.count(IN_USE) == 2:
                works(hooli)
                other.rollback()

        placing.bring(hooli, node_named("n1"), tell)
    assert said.count(IN_USE) >= 2
    assert node_of(hooli) == "n1"
    placing.bring(hooli, node_named("n0"), print)
    monkeypatch.setattr(placing, "LOCK_TRIES", 1)
    with cluster.coordinator.connect(name) as other:
        other.autocommit = False
        other.execute(f"SELECT count(*) FROM {hooli.schema_name}.profiles_profile")  # noqa: S608  a name of ours
        with pytest.raises(NotPlaced, match="in use all the time"):
            placing.bring(hooli, None, print)
    works(hooli)


def test_a_wait_for_a_row_ends_on_a_node_too(hooli, cluster):
    """By the database's own lock_timeout there: a session's does not reach it."""
    place(hooli, "--node", "n1")
    name = connection.settings_dict["NAME"]
    write = f"UPDATE {hooli.schema_name}.profiles_profile SET bio = 'mine'"  # noqa: S608  a name of ours
    with cluster.coordinator.connect(name) as other:
        other.autocommit = False
        other.execute(write)
        began = time.monotonic()
        with pytest.raises(OperationalError, match="lock timeout"), within(hooli):
            Profile.objects.update(bio="other")
        assert 4 < time.monotonic() - began < 15
        other.rollback()


def test_the_nodes_are_listed(hooli, placed, cluster):
    out = StringIO()
    call_command("nodes", "--organisations", stdout=out)
    first, second, third, *rest = out.getvalue().splitlines()
    assert first.startswith(f"n0   127.0.0.1:{cluster.coordinator.port}")
    assert "coordinator" in first
    assert "worker" in second
    assert "18.4" in third
    assert any(placed.slug in line and "n1" in line for line in rest)
