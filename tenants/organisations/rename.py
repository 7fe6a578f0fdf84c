"""Changing an organisation's address: rename()."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import ngettext

from tenants.addresses import slugs
from tenants.context import public
from tenants.limits.counting import Rate, TooOften, take
from tenants.limits.forms import again
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import check_slug, domain_of, taken
from tenants.signals import address_changed


@transaction.atomic
def rename(tenant: Tenant, *, slug: str) -> None:
    """Give an organisation another slug. Its last FORMER_ADDRESSES host names redirect to the new one.

    It can return to a former address. Raises ValidationError as tenants.organisations.sign_up.check_slug() does, and
    with the code "too_often" (setting LIMITS), so that one organisation cannot take many names in seconds.
    """
    check_slug(slug, by_other_than=tenant)
    count(tenant)
    try:
        with public(), transaction.atomic():
            # First, since it locks the row: concurrent renames of one organisation wait for each other.
            Tenant.objects.filter(pk=tenant.pk).update(slug=slug, slug_skeleton=slugs.skeleton(slug))
            canonical = renew(tenant, domain_of(slug))
            release_oldest(tenant)
    except IntegrityError as error:
        raise taken(slug) from error
    tenant.slug, tenant.slug_skeleton, tenant.domain = slug, slugs.skeleton(slug), canonical
    address_changed.send(sender=Tenant, tenant=tenant)


def count(tenant: Tenant) -> None:
    """Count the change, in its transaction, so that a failed change is not counted."""
    rate = Rate(*settings.LIMITS["rename"]["organisation"])
    try:
        take("rename", rate, tenant.schema_name)
    except TooOften as error:
        words = ngettext(
            "The address can be changed once a day. %(again)s",
            "The address can be changed %(times)s times a day. %(again)s",
            rate.amount,
        )
        params = {"times": rate.amount, "again": again(error.wait)}
        raise ValidationError(words, code="too_often", params=params) from error


def renew(tenant: Tenant, host: str) -> str:
    """Add the new host name. It is canonical, unless a domain that is not below ours is. Returns the canonical one."""
    own = Domain.objects.filter(tenant=tenant, is_primary=True).exclude(domain__endswith=f".{settings.BASE_DOMAIN}")
    chosen = own.values_list("domain", flat=True).first()
    make_primary(tenant, host)
    if chosen:
        make_primary(tenant, chosen)
    return chosen or host


def make_primary(tenant: Tenant, host: str) -> None:
    """Make a new or former host name the canonical one. Domain.save() makes the others secondary.

    It always inserts a new row, so that the primary keys are in the order in which names became canonical.
    """
    Domain.objects.filter(tenant=tenant, domain=host).delete()
    Domain(tenant=tenant, domain=host, is_primary=True).save()


def release_oldest(tenant: Tenant) -> None:
    """Delete all but the last FORMER_ADDRESSES, so that an organisation cannot hold any number of names."""
    former = Domain.objects.filter(tenant=tenant, is_primary=False, domain__endswith=f".{settings.BASE_DOMAIN}")
    kept = former.order_by("-pk").values("pk")[: settings.FORMER_ADDRESSES]
    former.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
