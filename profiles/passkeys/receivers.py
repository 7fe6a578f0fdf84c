"""Each passkey keeps the address that it works at; adding and removing one is said; an address may change."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from profiles.passkeys.addresses import follow
from tenants.context import required, within
from tenants.events import emit
from tenants.models import Tenant
from tenants.signals import address_changed, tenant_receiver

WEBAUTHN = Authenticator.Type.WEBAUTHN


@tenant_receiver(pre_save, sender=Authenticator)
def note_address(sender: type[Authenticator], instance: Authenticator, **kwargs: Any) -> None:
    if instance.type == WEBAUTHN:
        instance.data.setdefault("host", required().domain)


@tenant_receiver(post_save, sender=Authenticator)
def added(sender: type[Authenticator], instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created and instance.type == WEBAUTHN:
        emit("passkey.added", instance.user, by=instance.user, name=("", instance.data.get("name", "")))


@tenant_receiver(post_delete, sender=Authenticator)
def removed(sender: type[Authenticator], instance: Authenticator, origin: Any, **kwargs: Any) -> None:
    """Not with the member, nor with all of their factors, which is said already."""
    if instance.type == WEBAUTHN and isinstance(origin, Authenticator):
        emit("passkey.removed", instance.user, by=instance.user, name=(instance.data.get("name", ""), ""))


@receiver(address_changed)
def moved(tenant: Tenant, **kwargs: Any) -> None:
    with within(tenant):
        follow(tenant.domain)
