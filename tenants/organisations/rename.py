"""Another address for an organisation: rename()."""

from django.conf import settings
from django.db import IntegrityError, transaction

from tenants.addresses import slugs
from tenants.context import public
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import check_slug, domain_of, taken


@transaction.atomic
def rename(tenant: Tenant, *, slug: str) -> None:
    """Give an organisation another slug; its former host names go on leading there, the last FORMER_ADDRESSES of them.

    An address it once had can be taken back. Raises ValidationError as tenants.organisations.sign_up.check_slug() does.
    """
    check_slug(slug, by_other_than=tenant)
    try:
        with public(), transaction.atomic():
            # First, as it holds the row: two who rename one organisation at once go one after the other.
            Tenant.objects.filter(pk=tenant.pk).update(slug=slug, slug_skeleton=slugs.skeleton(slug))
            make_primary(tenant, domain_of(slug))
            release_oldest(tenant)
    except IntegrityError as error:
        raise taken(slug) from error
    tenant.slug, tenant.slug_skeleton, tenant.domain = slug, slugs.skeleton(slug), domain_of(slug)


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
