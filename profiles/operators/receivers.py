"""The figures of an organisation go with it."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from profiles.operators.models import Census
from tenants.context import public
from tenants.models import Tenant
from tenants.signals import removal_is_done


@receiver(removal_is_done)
@transaction.atomic
def forget(tenant: Tenant, **kwargs: Any) -> None:
    with public():
        Census.objects.filter(tenant=tenant).delete()
