"""What tests of the console ask of it."""

from profiles.audit.models import Entry
from tenants.context import public, within
from tenants.models import Tenant

REASON = "They asked us by phone"


def page(tenant: Tenant, action: str = "") -> str:
    return f"/console/organisations/{tenant.pk}/{f'actions/{action}/' if action else ''}"


def state(tenant: Tenant) -> Tenant:
    with public():
        return Tenant.objects.get(pk=tenant.pk)


def entries(tenant: Tenant) -> list[Entry]:
    with within(tenant):
        return list(Entry.objects.all())
