"""Emits events when allauth's rows are saved or deleted, in the same transaction: second factor turned on or off."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from tenants.events import emit
from tenants.signals import tenant_receiver

MADE = {
    Authenticator.Type.TOTP: "two_factor.turned_on",
    Authenticator.Type.RECOVERY_CODES: "two_factor.codes_made",
}


@tenant_receiver(post_save, sender=Authenticator)
def made(sender: type[Authenticator], instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created and instance.type in MADE:
        emit(MADE[instance.type], instance.user, by=instance.user)


@tenant_receiver(post_delete, sender=Authenticator)
def deleted(sender: type[Authenticator], instance: Authenticator, origin: Any, **kwargs: Any) -> None:
    """Not when the member is deleted: that has an event of its own."""
    if instance.type == Authenticator.Type.TOTP and isinstance(origin, Authenticator):
        emit("two_factor.turned_off", instance.user, by=instance.user)


@receiver(authentication_failed)
def refused(user: Any, reauthentication: bool = False, **kwargs: Any) -> None:
    """A wrong code after the right password. allauth limits how many are tried."""
    if not reauthentication:
        emit("two_factor.refused", user)
