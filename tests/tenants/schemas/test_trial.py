"""Before any organisation is migrated, the template is copied once, and what the copy would have otherwise is named."""

import pytest
from django.db import connection

from tenants.context import as_owner
from tenants.models import Tenant
from tenants.schemas.migrating.schemas import CannotBeCopied, changing
from tests.tenants.migrating import sql

UNEQUAL = {
    "what no rule knows": (
        "CREATE TABLE planted (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 100))",
        r"would differ from it: sequence planted_id_seq is .* 2147483647 .*, in the template .* 100 .*No organisation",
    ),
    "what PostgreSQL makes in no such order": (
        """CREATE MATERIALIZED VIEW planted AS SELECT 1 AS one; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql
        BEGIN ATOMIC SELECT count(*) FROM planted; END; CREATE TABLE t (n bigint DEFAULT f()); CREATE INDEX ON t (n)""",
        r'PostgreSQL refuses the copy: relation "t" does not exist.* No organisation',
    ),
}


@pytest.mark.parametrize(("statements", "words"), UNEQUAL.values(), ids=UNEQUAL)
def test_what_a_copy_would_have_otherwise_is_refused_and_nothing_is_left_of_it(db, statements, words):
    template = Tenant.objects.template()
    schemas = sql(template, "SELECT nspname FROM pg_namespace ORDER BY 1")
    with pytest.raises(CannotBeCopied, match=words), as_owner(), changing(template), connection.cursor() as cursor:
        cursor.execute(statements)
    assert sql(template, "SELECT to_regclass('planted')::text") == [(None,)]
    assert sql(template, "SELECT nspname FROM pg_namespace ORDER BY 1") == schemas
    assert Tenant.objects.template().is_complete
