"""A new organisation begins its trial; a removed one has no plan; and plans are read when the directory has changed."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from profiles.plans.changes import begin_trial
from profiles.plans.held import remember
from profiles.plans.models import HeldPlan
from tenants.context import public, required
from tenants.events import Event, happened
from tenants.models import Tenant
from tenants.signals import directory_changed, removal_is_done

directory_changed.connect(remember, dispatch_uid="profiles.plans")


@receiver(happened)
def begin(event: Event, **kwargs: Any) -> None:
    if event.kind == "organisation.created":
        begin_trial(required())


@receiver(removal_is_done)
@transaction.atomic
def forget(tenant: Tenant, **kwargs: Any) -> None:
    with public():
        HeldPlan.objects.filter(tenant=tenant).delete()
