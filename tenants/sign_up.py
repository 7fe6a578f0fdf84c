"""A new organisation: sign_up()."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.exceptions import AlreadyEnqueued

from tenants import slugs
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tenants.spares import claim_spare
from tenants.tasks import top_up_spares


@dataclass(frozen=True)
class SignedUp:
    """A new organisation, and the one-time address that lands its owner there, signed in."""

    tenant: Tenant
    url: str


def sign_up(*, organisation: str, slug: str, name: str, email: str, password: str) -> SignedUp:
    """Make an organisation with its domain and its owner, all of it or nothing.

    Raises ValidationError with the code "taken" if the slug, or one that looks like it, is somebody's already. What
    belongs to an owner is made by the function that the setting TENANT_OWNER names; it returns the path to land on.
    """
    make_owner = import_string(settings.TENANT_OWNER)
    hashed = make_password(password)  # Before the transaction: it takes longer than all the rest.
    with public(), transaction.atomic():
        tenant = claim(organisation=organisation, slug=slug)
        with within(tenant):
            path = make_owner(name=name, email=email, password_hash=hashed)
        transaction.on_commit(ask_for_spares)
    return SignedUp(tenant, tenant.url(path))


def claim(*, organisation: str, slug: str) -> Tenant:
    """Turn a spare into an organisation, in the caller's transaction. Raises ValidationError if the slug is taken."""
    tenant = claim_spare()
    tenant.name, tenant.slug, tenant.slug_skeleton = organisation, slug, slugs.skeleton(slug)
    tenant.state, tenant.activated = Tenant.State.ACTIVE, timezone.now()
    try:
        with transaction.atomic():
            tenant.save()
            Domain.objects.create(tenant=tenant, domain=f"{slug}.{settings.BASE_DOMAIN}", is_primary=True)
    except IntegrityError as error:
        raise taken() from error
    return tenant


def is_taken(slug: str) -> bool:
    """Is this slug, or one that looks like it, somebody's?"""
    with public():
        return (
            Tenant.objects.filter(slug_skeleton=slugs.skeleton(slug)).exists()
            or Domain.objects.filter(domain=f"{slug}.{settings.BASE_DOMAIN}").exists()
        )


def taken() -> ValidationError:
    return ValidationError("This address, or one that looks like it, is taken. Choose another one.", code="taken")


def ask_for_spares() -> None:
    """Have the stock of spares refilled soon; one waiting job is enough for any number of sign-ups."""
    try:
        with public(), transaction.atomic():
            top_up_spares.defer()
    except AlreadyEnqueued:
        pass
