"""Another address for an organisation: rename()."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import ngettext

from tenants.addresses import slugs
from tenants.context import public
from tenants.limits.counting import Rate, TooOften, take
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import check_slug, domain_of, taken


@transaction.atomic
def rename(tenant: Tenant, *, slug: str) -> None:
    """Give an organisation another slug; the host name it had goes on leading there.

    An address it once had can be taken back. Raises ValidationError as tenants.organisations.sign_up.check_slug() does,
    and with the code "too_often" (setting LIMITS): or else one organisation could take many names in seconds.
    """
    check_slug(slug, by_other_than=tenant)
    count(tenant)
    try:
        with public(), transaction.atomic():
            # First, as it holds the row: two who rename one organisation at once go one after the other.
            Tenant.objects.filter(pk=tenant.pk).update(slug=slug, slug_skeleton=slugs.skeleton(slug))
            make_primary(tenant, domain_of(slug))
    except IntegrityError as error:
        raise taken(slug) from error
    tenant.slug, tenant.slug_skeleton, tenant.domain = slug, slugs.skeleton(slug), domain_of(slug)


def count(tenant: Tenant) -> None:
    """In the transaction of the change, so that one that fails is not counted."""
    rate = Rate(*settings.LIMITS["rename"]["organisation"])
    try:
        take("rename", rate, tenant.schema_name)
    except TooOften as error:
        words = ngettext(
            "The address can be changed once a day. Try again tomorrow.",
            "The address can be changed %(times)s times a day. Try again tomorrow.",
            rate.amount,
        )
        raise ValidationError(words, code="too_often", params={"times": rate.amount}) from error


def make_primary(tenant: Tenant, host: str) -> None:
    """Make a host name, which may be new, the canonical one. Domain.save() makes the others secondary."""
    domain = Domain.objects.filter(tenant=tenant, domain=host).first() or Domain(tenant=tenant, domain=host)
    domain.is_primary = True
    domain.save()
