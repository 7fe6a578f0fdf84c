"""A PostgreSQL server holds one product: the role of the template has the same name in each."""

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection

from config.bundled.server import SUPERUSER
from tenants.context import OWNER
from tenants.schemas.migrating import refusing

ROLE = "template_of_another_product"


@pytest.fixture
def superuser(db):
    with psycopg.connect(**connection.get_connection_params() | {"user": SUPERUSER}, autocommit=True) as superuser:
        superuser.execute(f"DROP ROLE IF EXISTS {ROLE}")
        yield superuser
        superuser.execute(f"DROP ROLE IF EXISTS {ROLE}")


def test_a_template_of_another_product_is_said(superuser, monkeypatch):
    refusing.refuse_foreign_roles()
    monkeypatch.setattr(refusing, "TEMPLATE_SCHEMA", ROLE)
    refusing.refuse_foreign_roles()
    superuser.execute(f"CREATE ROLE {ROLE}")
    with pytest.raises(CommandError, match="Give each product a PostgreSQL server of its own"):
        refusing.refuse_foreign_roles()
    superuser.execute(f"GRANT {ROLE} TO {OWNER} WITH ADMIN TRUE")
    refusing.refuse_foreign_roles()


def test_without_roles_nothing_is_refused(superuser, monkeypatch, settings):
    settings.DATABASE_ROLES = False
    monkeypatch.setattr(refusing, "TEMPLATE_SCHEMA", ROLE)
    superuser.execute(f"CREATE ROLE {ROLE}")
    refusing.refuse_foreign_roles()
