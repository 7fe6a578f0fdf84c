"""What must exist beside a user: the profile, and the permission that makes it theirs alone."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_delete, post_save
from django.utils.module_loading import import_string

from profiles.models import Profile, ProfileUserObjectPermission, User
from profiles.pictures import delete_after_commit
from tenants.signals import tenant_receiver

BATCH = 10_000


@tenant_receiver(post_save, sender=User)
def make_profile(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    """A new user gets a profile; one whose profile was deleted gets it back. Others cost one small query."""
    if created:
        make_profiles([instance])
    elif not Profile.objects.filter(user=instance).exists():
        restore_profiles([instance.pk])
        # The user may still hold the deleted one.
        instance._state.fields_cache.pop("profile", None)


@tenant_receiver(post_save, sender=Profile)
def make_permission(sender: type[Profile], instance: Profile, created: bool, **kwargs: Any) -> None:
    """A profile made by hand is its user's as well."""
    if created:
        make_permissions([instance])


@tenant_receiver(post_delete, sender=Profile)
def delete_pictures(sender: type[Profile], instance: Profile, **kwargs: Any) -> None:
    """A photo must not outlive its person. No verb could see to it: most profiles go in Django's cascade."""
    delete_after_commit(instance.photo.name or "")


@transaction.atomic(savepoint=False)
def make_profiles(users: Sequence[User]) -> None:
    """Profiles and permissions for users that have none, in three statements for each ten thousand of them."""
    defaults = import_string(settings.PROFILE_DEFAULTS)
    profiles = [Profile(user=user, **defaults(user)) for user in users]
    make_permissions(Profile.objects.bulk_create(profiles, batch_size=BATCH))


def make_permissions(profiles: Iterable[Profile]) -> None:
    """The permission to change each of these profiles, for its own user."""
    permission = change_profile()
    ProfileUserObjectPermission.objects.bulk_create(
        [ProfileUserObjectPermission(permission=permission, user_id=p.user_id, content_object=p) for p in profiles],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


@cache
def change_profile() -> Permission:
    """Kept for the life of the process: its row is the same in all tenants (DESIGN.md, invariant 4)."""
    return Permission.objects.get(content_type__app_label="profiles", codename="change_profile")


@transaction.atomic
def restore_profiles(user_ids: Iterable[int]) -> int:
    """Make the profiles that these users lack; returns how many. Two who do it at once make one profile."""
    # A list, so that the users are locked before it is asked who has a profile.
    users = list(User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk"))
    having = set(Profile.objects.filter(user__in=users).values_list("user_id", flat=True))
    missing = [user for user in users if user.pk not in having]
    make_profiles(missing)
    return len(missing)


def restore_all() -> int:
    """Make every profile and permission that the current tenant lacks; returns the number of profiles.

    They are missing after fixtures were loaded, or rows written by something else than this project.
    """
    made, missing = 0, User.objects.filter(profile=None).order_by("pk").values_list("pk", flat=True)
    while user_ids := list(missing[:BATCH]):
        made += restore_profiles(user_ids)
    theirs = ProfileUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), user=OuterRef("user"), permission=change_profile()
    )
    make_permissions(Profile.objects.filter(~Exists(theirs)).only("user_id").iterator(BATCH))
    return made
