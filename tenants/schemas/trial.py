"""Copies the template once and compares the copy, which is then taken back."""

from django.db import DatabaseError, connection, transaction

from tenants.context import as_owner, within
from tenants.isolation.database_roles import make_schema
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tenants.schemas.script import written


def unequal() -> list[str]:
    """What a copy of the current schema, the template, would have otherwise; empty if it would be equal.

    All kinds of objects that are known not to be copied are in refused.py. This finds the others, for which a sign-up
    would be the first to notice.
    """
    tenant = Tenant()
    try:
        with as_owner(), transaction.atomic():
            with connection.cursor() as cursor:
                statements = written(cursor)
            make_schema(tenant.schema_name)
            with within(tenant), connection.cursor() as cursor:
                cursor.execute(statements)
            found = [str(difference) for difference in differences([tenant])]
            transaction.set_rollback(True)
    except DatabaseError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        return [f"PostgreSQL refuses the copy: {reason}"]
    return found
