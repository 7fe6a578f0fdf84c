"""What was removed holds no email domain."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from profiles.mail_domains.models import MailDomain
from tenants.context import public
from tenants.models import Tenant
from tenants.signals import removal_is_done


@receiver(removal_is_done)
@transaction.atomic
def give_up_all(tenant: Tenant, **kwargs: Any) -> None:
    with public():
        MailDomain.objects.filter(tenant=tenant).delete()
