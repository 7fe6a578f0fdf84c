"""Held organisations are not removed, and removed ones get a certificate."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from profiles.leaving.models import Certificate, Departure, Hold
from tenants.context import public
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations.remove import inventory
from tenants.signals import removal_begins, removal_is_done


@receiver(removal_begins)
def refuse_what_is_held(tenant: Tenant, **kwargs: Any) -> None:
    with public():
        hold = Hold.objects.filter(tenant=tenant).first()
    if hold and tenant.state not in Tenant.GONE:
        raise WrongState(
            f"{tenant.slug} is held since {hold.since:%Y-%m-%d}: {hold.reason} "
            f"`manage.py hold_organisation {tenant.slug} --release` releases it."
        )


@receiver(removal_begins)
@transaction.atomic
def begin_certificate(tenant: Tenant, **kwargs: Any) -> None:
    """Count the content at the first attempt: a removal that is resumed finds less."""
    with public():
        is_begun = Certificate.objects.filter(schema_name=tenant.schema_name).exists()
        asked = Departure.objects.filter(tenant=tenant).values_list("asked", flat=True).first()
    if not is_begun and tenant.slug and tenant.state != Tenant.State.REMOVED:
        counted = inventory(tenant)
        with public():
            Certificate.objects.create(
                schema_name=tenant.schema_name, slug=tenant.slug, asked=asked, **counted._asdict()
            )


@receiver(removal_is_done)
@transaction.atomic
def finish_certificate(tenant: Tenant, **kwargs: Any) -> None:
    with public():
        Certificate.objects.filter(schema_name=tenant.schema_name, done=None).update(done=timezone.now())
        Departure.objects.filter(tenant=tenant).delete()
        Hold.objects.filter(tenant=tenant).delete()
