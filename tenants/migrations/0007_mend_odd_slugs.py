"""Organisations at addresses that no host name can have, made by scripts: each gets one that its people can reach.

The old host name, where it is one, goes on leading there.
"""

import logging
import re

from django.conf import settings
from django.db import migrations

from tenants.addresses import slugs

logger = logging.getLogger(__name__)


def mend(apps, schema_editor):
    tenants, domains = apps.get_model("tenants", "Tenant"), apps.get_model("tenants", "Domain")
    for tenant in tenants.objects.exclude(slug=None).exclude(slug__regex=slugs.LABEL).order_by("pk"):
        slug = free_slug(tenants, domains, tenant)
        logger.warning("%r cannot be part of a host name. The organisation's address is %r now.", tenant.slug, slug)
        tenants.objects.filter(pk=tenant.pk).update(slug=slug, slug_skeleton=slugs.skeleton(slug))
        domains.objects.filter(tenant=tenant).update(is_primary=False)
        domains.objects.create(tenant=tenant, domain=f"{slug}.{settings.BASE_DOMAIN}", is_primary=True)


def free_slug(tenants, domains, tenant):
    """A slug near the old one that no other organisation has or had."""
    near = slugs.propose(re.sub(r"[^\w-]", "-", tenant.slug)) or f"organisation-{tenant.pk}"
    for slug in (near, f"organisation-{tenant.pk}", *(f"organisation-{tenant.pk}-{n}" for n in range(2, 100))):
        taken = tenants.objects.filter(slug_skeleton=slugs.skeleton(slug)).exclude(pk=tenant.pk).exists()
        if not taken and not domains.objects.filter(domain=f"{slug}.{settings.BASE_DOMAIN}").exists():
            return slug
    raise RuntimeError(f"No address is free for {tenant.schema_name}.")


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_worker")]
    compatible = True

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
