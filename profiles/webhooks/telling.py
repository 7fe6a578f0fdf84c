"""An endpoint that failed for three days is switched off, and owners and admins are told by email."""

from django.urls import reverse

from profiles.mail.outbox import post
from profiles.models import User
from profiles.roles import MANAGERS
from profiles.webhooks.models import Endpoint
from shared.capabilities.registry import audit_kinds
from shared.lists import one_after_another
from tenants.context import required
from tenants.events import emit


def events_in_words(patterns: str) -> str:
    """The events of an endpoint, for the activity log. A pattern with an asterisk stays as it is."""
    return one_after_another([str(audit_kinds().get(each, each)) for each in patterns.split()])


def switch_off(endpoint: Endpoint) -> None:
    """In the transaction of the failed try. Pending messages fail with their next try."""
    if not Endpoint.objects.filter(pk=endpoint.pk, is_active=True).update(is_active=False):
        return
    emit("webhook.switched_off", endpoint, is_active=(True, False))
    url = required().url(reverse("webhook", args=[endpoint.pk]))
    for manager in User.objects.filter(role__in=MANAGERS, is_active=True).exclude(email=""):
        context = {"member": manager, "webhook": endpoint, "url": url}
        post(to=manager.email, template="webhook_off", context=context, reader=manager)
