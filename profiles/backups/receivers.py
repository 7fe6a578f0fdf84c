"""What goes with an organisation: its sandbox, and the key without which its backups are noise."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.dispatch import receiver

from profiles.backups.keeping import forget_all
from profiles.backups.models import Sandbox
from profiles.backups.sandboxes import discard
from tenants.context import public
from tenants.models import Tenant
from tenants.signals import removal_begins, removal_is_done


@receiver(removal_begins, dispatch_uid="profiles.backups.sandbox")
def discard_sandbox(tenant: Tenant, **kwargs: Any) -> None:
    with public():
        sandbox = Sandbox.objects.select_related("tenant").filter(of=tenant).first()
    if sandbox:
        discard(sandbox)


@receiver(removal_is_done, dispatch_uid="profiles.backups.vault")
def forget_backups(tenant: Tenant, **kwargs: Any) -> None:
    """A sandbox that is removed with its address free takes its own row along: see the model."""
    forget_all(tenant)
