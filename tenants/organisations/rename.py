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
    """Give an organisation another slug; its former host names go on leading there, the last FORMER_ADDRESSES of them.

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
            release_oldest(tenant)
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
    """Make a host name, which may be new, the canonical one. Domain.save() makes the others secondary.

    Always as a new row: their keys are in the order in which they became canonical.
    """
    Domain.objects.filter(tenant=tenant, domain=host).delete()
    Domain(tenant=tenant, domain=host, is_primary=True).save()


def release_oldest(tenant: Tenant) -> None:
    """Delete all but the last FORMER_ADDRESSES: otherwise renaming would hold any number of names."""
    former = Domain.objects.filter(tenant=tenant, is_primary=False, domain__endswith=f".{settings.BASE_DOMAIN}")
    kept = former.order_by("-pk").values("pk")[: settings.FORMER_ADDRESSES]
    former.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
