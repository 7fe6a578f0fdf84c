"""What must exist beside a user is made with it, and a photo goes with its profile."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from profiles.models import Profile, User
from profiles.pictures.keeping import delete_after_commit
from tenants.signals import schema_migrated, tenant_receiver


@tenant_receiver(post_save, sender=User)
def make_profile(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    """A new user gets a profile; one whose profile was deleted gets it back. Others cost one small query."""
    if created:
        Profile.objects.make_for([instance])
    elif not Profile.objects.filter(user=instance).exists():
        Profile.objects.restore_for([instance.pk])
        # The user may still hold the deleted one.
        instance._state.fields_cache.pop("profile", None)


@tenant_receiver(post_save, sender=Profile)
def make_permission(sender: type[Profile], instance: Profile, created: bool, **kwargs: Any) -> None:
    """A profile made by hand is its user's as well."""
    if created:
        Profile.objects.permit_owners([instance])


@receiver(schema_migrated)
def make_missing_profiles(**kwargs: Any) -> None:
    """For users that a migration has made: the models that it sees send no signals to the receivers here."""
    Profile.objects.restore_all()


@tenant_receiver(post_delete, sender=Profile)
def delete_pictures(sender: type[Profile], instance: Profile, **kwargs: Any) -> None:
    """A photo must not outlive its person. No verb could see to it: most profiles go in Django's cascade."""
    delete_after_commit(instance.photo.name or "")
