"""What must exist beside a user: the profile, and the permission that makes it theirs alone."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models.signals import post_save
from django.utils.module_loading import import_string

from profiles.models import Profile, ProfileUserObjectPermission, User
from tenants.signals import tenant_receiver


@tenant_receiver(post_save, sender=User)
def make_profile(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    """A new user gets a profile; one whose profile was deleted gets it back. An existing one is not written again."""
    if created:
        make_profiles([instance])
    elif not Profile.objects.filter(user=instance).exists():
        restore_profiles([instance.pk])


@transaction.atomic
def make_profiles(users: Sequence[User]) -> None:
    """Profiles and permissions for users that have none, in three statements however many they are."""
    defaults = import_string(settings.PROFILE_DEFAULTS)
    profiles = Profile.objects.bulk_create([Profile(user=user, **defaults(user)) for user in users], batch_size=1000)
    permission = Permission.objects.get(content_type__app_label="profiles", codename="change_profile")
    ProfileUserObjectPermission.objects.bulk_create(
        [ProfileUserObjectPermission(permission=permission, user=p.user, content_object=p) for p in profiles],
        batch_size=1000,
    )


@transaction.atomic
def restore_profiles(user_ids: Sequence[int]) -> int:
    """Make the profiles that these users lack, and return how many. Locks the users: two at once make one profile."""
    users = User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk")
    having = set(Profile.objects.filter(user__in=user_ids).values_list("user_id", flat=True))
    missing = [user for user in users if user.pk not in having]
    make_profiles(missing)
    return len(missing)
