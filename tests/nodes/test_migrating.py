"""`migrate` on a cluster, in transactions of its own: placed organisations follow with tables, columns and rows."""

from django.contrib.contenttypes.models import ContentType
from django.db import connections

from tenants.context import within
from tests.nodes.conftest import node_of
from tests.nodes.test_placing import place, state, works
from tests.receivers.models import Product
from tests.tenants.migrating import all_differences, migrate, new_code, sql

TODAY = "0001"


def test_a_placed_one_follows_and_goes_back(hooli, local, settings):
    place(hooli, "--node", "n1")
    sql(hooli, "INSERT INTO receivers_product (id, name, stock) VALUES (1, '', 1)")
    today, before = settings.MIGRATION_MODULES, state(hooli)
    settings.MIGRATION_MODULES = {**today, "receivers": "tests.receivers.later_migrations"}
    new_code()
    try:
        assert "of placed organisations: rows and tables are changed in one transaction" in migrate("--plan")
        migrate()
        assert all_differences() == []
        assert (node_of(hooli), node_of(local)) == ("n1", None)
        wishes = []
        for tenant in (hooli, local):
            ContentType.objects.clear_cache()
            with within(tenant):
                wishes.append(ContentType.objects.get(app_label="receivers", model="wish").pk)
        assert wishes[0] == wishes[1]
        with within(hooli):
            assert Product.objects.get(pk=1).name == "Nameless"
        sql(hooli, "INSERT INTO receivers_wish (text) VALUES ('peace')")
        hooli.refresh_from_db()
        works(hooli)
        migrate("receivers", TODAY)
    finally:
        settings.MIGRATION_MODULES = today
        new_code()
    assert all_differences() == []
    assert state(hooli).keys() == before.keys()
    connections.close_all()
