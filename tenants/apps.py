"""The tenants app."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability


class TenantsConfig(Capability):
    name = "tenants"
    lives_in = "public"
    public_urls = "tenants.urls"
    audit_kinds = {
        "organisation.suspended": _("Organisation suspended"),
        "organisation.resumed": _("Organisation resumed"),
    }

    def ready(self) -> None:
        super().ready()
        from django.core.checks import register
        from django.db.models.signals import post_delete
        from django_tenants.signals import tenant_delete_callback

        from tenants import cleaning  # noqa: F401  has jobs
        from tenants.isolation import extensions, ownership
        from tenants.jobs import lanes
        from tenants.limits import counting  # noqa: F401  has jobs
        from tenants.models import Domain, Tenant
        from tenants.once import doing  # noqa: F401  has jobs
        from tenants.schemas import spares  # noqa: F401  has jobs
        from tenants.serving import hosts

        register(lanes.check_queues)
        extensions.refuse_extra_paths()
        ownership.connect()
        hosts.connect(Tenant, Domain)
        # django-tenants connects to post_delete of every model, and so disables Django's fast deletes for all of them.
        post_delete.disconnect(tenant_delete_callback)
        post_delete.connect(tenant_delete_callback, sender=Tenant)
