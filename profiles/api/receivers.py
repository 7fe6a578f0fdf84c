"""Tokens end with their member: removed ones by their foreign key, deactivated ones here."""

# ruff: noqa: ARG001  receivers have the signature that Django calls
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save

from profiles.api.models import Token
from tenants.signals import tenant_receiver


@tenant_receiver(post_save, sender=settings.AUTH_USER_MODEL)
def end_tokens(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """A member who is let in again makes new ones."""
    if not instance.is_active and not created:
        Token.objects.filter(user=instance).end()
