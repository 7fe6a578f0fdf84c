"""What owners do with domains: add one, remove one, and have one checked now."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.models import User
from profiles.own_domains import canonical
from profiles.own_domains.hosts import clean
from profiles.own_domains.models import OwnDomain
from profiles.own_domains.rights import manages_domains
from profiles.own_domains.tasks import check_domains
from tenants.allowances import allowance
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Tenant


@transaction.atomic
def add(*, actor: User, host: str) -> OwnDomain:
    """Raises PermissionDenied, and ValidationError for what is no domain, is added already, or is one too many."""
    allow(actor)
    host, tenant = clean(host), required()
    with public():
        Tenant.objects.select_for_update().get(pk=tenant.pk)  # Two at once are counted one after the other.
    if number() >= (most := most_domains()):
        raise too_many(most)
    try:
        with public(), transaction.atomic():
            domain = OwnDomain.objects.create(tenant=tenant, host=host)
    except IntegrityError as error:
        raise ValidationError(_("You have added this domain already."), code="added") from error
    emit("own_domain.added", domain, by=actor)
    soon()
    return domain


@transaction.atomic
def remove(*, actor: User, domain: OwnDomain) -> None:
    """Give the host up. If it was the main address, the one below the base domain is it again.

    A check in this moment, which may have just put the host into service, is over before this continues.
    """
    allow(actor)
    canonical.lock()
    with public():
        row = OwnDomain.objects.select_for_update().filter(pk=domain.pk).first()
    if row is None:
        return  # Another owner was faster.
    emit("own_domain.removed", domain, by=actor)
    if row.is_held:
        canonical.stop_serving(row.host)
    with public():
        row.delete()


@transaction.atomic
def check_now(*, actor: User, domain: OwnDomain) -> None:
    """Have it checked by a job, at once."""
    allow(actor)
    with public():
        OwnDomain.objects.filter(pk=domain.pk).update(next_check=timezone.now())
    soon()


def number() -> int:
    """How many domains the current organisation has."""
    tenant = required()
    with public():
        return OwnDomain.objects.filter(tenant=tenant).count()


def most_domains() -> int:
    """By the organisation's plan, or else by the setting."""
    most = allowance("domains")
    return settings.OWN_DOMAINS_MOST if most is None else most


def too_many(most: int) -> ValidationError:
    if not most:
        return ValidationError(_("Your plan includes no domains of your own."), code="too_many")
    words = ngettext(
        "An organisation can have %(most)s domain. Remove it first.",
        "An organisation can have %(most)s domains. Remove one first.",
        most,
    )
    return ValidationError(words, code="too_many", params={"most": most})


def soon() -> None:
    check_domains.defer_once()  # A job that waits already checks all that are due.


def allow(actor: User) -> None:
    if not manages_domains(actor):
        raise PermissionDenied
