"""Mail to all owners about a domain that fails, that other addresses have replaced, or that was released."""

from django.urls import reverse

from profiles.mail.outbox import post
from profiles.models import User
from profiles.own_domains.models import OwnDomain
from tenants.context import required


def tell_owners(domain: OwnDomain, template: str) -> None:
    """In the current transaction. The link leads to the main address, or redirects there."""
    tenant = required()
    url = tenant.url(reverse("own_domain", args=[domain.pk]))
    for owner in User.objects.owners().exclude(email=""):
        context = {"owner": owner, "domain": domain, "main_address": tenant.domain, "url": url}
        post(to=owner.email, template=template, context=context, reader=owner)
