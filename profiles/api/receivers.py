"""Tokens end with their member: by the foreign key on removal, and here on deactivation. No service can be an owner."""

# ruff: noqa: ARG001  receivers have the signature that Django calls
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext as _

from profiles.api.models import Token
from profiles.roles import Role
from tenants.signals import tenant_receiver


@tenant_receiver(post_save, sender=settings.AUTH_USER_MODEL)
def end_tokens(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """A reactivated member has to make new ones."""
    if not instance.is_active and not created:
        Token.objects.filter(user=instance).end()


@tenant_receiver(pre_save, sender=settings.AUTH_USER_MODEL)
def keep_services_from_owning(sender: Any, instance: Any, update_fields: Any, **kwargs: Any) -> None:
    """Raise ValidationError: the service could become the only owner, and it cannot sign in."""
    is_about_role = update_fields is None or "role" in update_fields
    if is_about_role and instance.role == Role.OWNER and instance.pk and is_service(instance):
        raise ValidationError({"role": ValidationError(_("A service can't be an owner."), code="service")})


def is_service(user: Any) -> bool:
    return Token.objects.filter(user=user, is_service=True).exists()
