"""A placed organisation is removed in transactions of its own, and nothing is left of it on any node, if killed too."""

from django.db import connection

from profiles.testing import make_rows
from tenants.context import within
from tenants.models import Tenant
from tenants.organisations.remove import inventory, remove
from tenants.organisations.suspend import suspend
from tests.nodes.cluster import Cluster
from tests.nodes.test_placing import place
from tests.tenants.organisations.test_remove import Killed, killed_at, reached
from tests.tenants.removing import belongings, left_of


def left_on_nodes(cluster: Cluster, tenant: Tenant) -> list[object]:
    name, schema = connection.settings_dict["NAME"], tenant.schema_name
    return [
        found
        for node in cluster.nodes
        for found in (
            *node.query("SELECT rolname FROM pg_roles WHERE rolname = %s", [schema]),
            *node.query("SELECT nspname FROM pg_namespace WHERE nspname = %s", [schema], name),
        )
    ]


def test_killed_again_and_again_it_is_reached_no_more_and_goes_in_the_end(hooli, local, media, cluster):
    """Each run goes on where the last one was killed, one statement later."""
    make_rows(hooli)
    others, number, was_killed = belongings(local, media), 0, True
    place(hooli, "--node", "n1")
    while was_killed:
        number += 1
        was_killed = False
        try:
            with killed_at(number):
                remove(Tenant.objects.get(pk=hooli.pk))
        except Killed:
            was_killed = True
            connection.close()
        state = Tenant.objects.get(pk=hooli.pk).state
        assert state == "active" or reached(hooli) == {404}, f"killed before statement {number}, it is {state}"
    assert number > 15
    assert left_of(hooli, media) == left_on_nodes(cluster, hooli) == []
    assert belongings(local, media) == others


def test_a_suspended_one_from_inside_another(hooli, local, media, cluster):
    place(hooli, "--node", "n2")
    suspend(hooli)
    assert inventory(hooli).members == 5
    with within(local):
        remove(hooli, release_address=True)
    assert left_of(hooli, media) == left_on_nodes(cluster, hooli) == []
    assert not Tenant.objects.filter(pk=hooli.pk).exists()
