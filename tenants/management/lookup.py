"""Finds the organisation that is named on the command line."""

from django.core.management.base import CommandError
from django.db.models import Q

from tenants.context import public
from tenants.models import Tenant


def tenant_named(name: str) -> Tenant:
    """The organisation with this slug or schema name. Raises CommandError if there is none, or it has been removed."""
    tenant = row_named(name)
    if tenant.state in Tenant.GONE:
        raise CommandError(f"{name} is {tenant.state}: `manage.py remove_organisation` has been run on it.")
    return tenant


def row_named(name: str) -> Tenant:
    """The same, also during and after removal: the row stays, to keep the address."""
    with public():
        tenant = Tenant.objects.filter(Q(slug=name) | Q(schema_name=name)).first()
    if tenant is None:
        raise CommandError(f"There is no organisation {name!r}. `manage.py tenants` lists them all.")
    return tenant
