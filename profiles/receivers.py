"""Receivers: a user gets a profile and its permission, and a deleted profile's photo is deleted."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from profiles.models import Profile, User
from profiles.pictures.keeping import delete_photo
from tenants.signals import schema_migrated, tenant_receiver


@tenant_receiver(post_save, sender=User)
def make_profile(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    """Create the profile of a new user, or of a user whose profile was deleted. Otherwise it costs one small query."""
    if created:
        Profile.objects.make_for([instance])
    elif not Profile.objects.filter(user=instance).exists():
        Profile.objects.restore_for([instance.pk])
        # The user may have cached the deleted profile.
        instance._state.fields_cache.pop("profile", None)


@tenant_receiver(post_save, sender=Profile)
def make_permission(sender: type[Profile], instance: Profile, created: bool, **kwargs: Any) -> None:
    """Let the user of a new profile change it, also if the profile was created by hand."""
    if created:
        Profile.objects.permit_owners([instance])


@receiver(schema_migrated)
def make_missing_profiles(**kwargs: Any) -> None:
    """Create profiles for users that a migration has created: its historical models do not call these receivers."""
    Profile.objects.restore_all()


@tenant_receiver(post_delete, sender=Profile)
def delete_pictures(sender: type[Profile], instance: Profile, **kwargs: Any) -> None:
    """Delete the photo of a deleted profile. A receiver, since most profiles are deleted by Django's cascade."""
    delete_photo(instance.photo.name or "")
