"""How commands find the organisation that is named on the command line."""

from django.core.management.base import CommandError
from django.db.models import Q

from tenants.context import public
from tenants.models import Tenant


def tenant_named(name: str) -> Tenant:
    """The organisation with this slug or schema name. Raises CommandError if there is none."""
    with public():
        tenant = Tenant.objects.filter(Q(slug=name) | Q(schema_name=name)).first()
    if tenant is None:
        raise CommandError(f"There is no organisation {name!r}. `manage.py tenants` lists them all.")
    return tenant
