"""Under which of its hosts an organisation is served. All others redirect there."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.own_domains.rights import manages_domains
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Domain, Tenant
from tenants.organisations.rename import make_primary
from tenants.organisations.sign_up import domain_of
from tenants.signals import address_changed


def choices() -> list[str]:
    """The current organisation's address below the base domain, and its domains that work."""
    tenant = required()
    with public():
        return [domain_of(str(tenant.slug)), *tenant.own_domains.live().order_by("host").values_list("host", flat=True)]


def is_canonical(host: str) -> bool:
    tenant = required()
    with public():
        return Domain.objects.filter(tenant=tenant, domain=host, is_primary=True).exists()


@transaction.atomic
def choose(*, actor: User, host: str) -> None:
    """Serve the organisation at this host. Raises PermissionDenied, and ValidationError if the host does not work."""
    if not manages_domains(actor):
        raise PermissionDenied
    lock()
    if host not in choices():
        raise ValidationError(_("This domain does not work at present."), code="not_live")
    move_to(host, by=actor)


@transaction.atomic
def give_way() -> None:
    """Go back to the address below the base domain, which always works."""
    lock()
    move_to(domain_of(str(required().slug)), by=None)


@transaction.atomic
def stop_serving(host: str) -> None:
    """No longer lead from this host to the organisation."""
    tenant = required()
    if is_canonical(host):
        give_way()
    with public():
        Domain.objects.filter(tenant=tenant, domain=host).delete()


def lock() -> None:
    """Changes of an organisation's addresses wait for each other, and see what the one before has done."""
    tenant = required()
    with public():
        tenant.slug = Tenant.objects.select_for_update().get(pk=tenant.pk).slug
    tenant.__dict__.pop("domain", None)  # It is read anew.


def move_to(host: str, *, by: User | None) -> None:
    tenant, before = required(), required().domain
    if host != before:
        with public():
            make_primary(tenant, host)
        tenant.domain = host
        address_changed.send(sender=Tenant, tenant=tenant)
        emit("own_domain.canonical", tenant, by=by, address=(before, host))
