"""Profile: a member's details, and the permission by which only they may change them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionAbstract, UserObjectPermissionBase

from profiles.models.phone_field import PhoneField
from profiles.models.user import User
from profiles.roles import Audience
from shared.checked import Checked
from tenants.context import required

# profiles/pictures/keeping.py names photos so.
PHOTO = re.compile(r"photos/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/\d+\.webp")
OLDEST = 120
BATCH = 10_000


def check_birth_date(value: date) -> None:
    today = timezone.localdate()
    if value > today:
        raise ValidationError(_("This date is in the future. Enter your date of birth."), code="future")
    if value.year < today.year - OLDEST:
        sentence = _("This is more than %(years)d years ago. Check the year.")
        raise ValidationError(sentence, code="past", params={"years": OLDEST})


@cache
def known_time_zones() -> set[str]:
    """Cached, since it walks through the files of tzdata."""
    return available_timezones()


def check_time_zone(value: str) -> None:
    if value not in known_time_zones():
        raise ValidationError(_("This is not a time zone. Choose one such as Europe/Berlin."), code="unknown")


class ProfileManager(models.Manager["Profile"]):
    """Creates what each user must have: the profile, and the permission to change it."""

    @transaction.atomic(savepoint=False)
    def make_for(self, users: Sequence[User]) -> None:
        """Create profiles and permissions for users without them, in three statements per ten thousand users."""
        defaults = import_string(settings.PROFILE_DEFAULTS)
        profiles = [Profile(user=user, **defaults(user)) for user in users]
        self.permit_owners(self.bulk_create(profiles, batch_size=BATCH))

    def permit_owners(self, profiles: "Iterable[Profile]") -> None:
        """Let the user of each of these profiles change it."""
        permission = change_profile()
        ProfileUserObjectPermission.objects.bulk_create(
            [ProfileUserObjectPermission(permission=permission, user_id=p.user_id, content_object=p) for p in profiles],
            batch_size=BATCH,
            ignore_conflicts=True,
        )

    @transaction.atomic
    def restore_for(self, user_ids: Iterable[int]) -> int:
        """Create missing profiles of these users; returns how many. Concurrent calls create only one per user."""
        # A list, so that the users are locked before the query for existing profiles.
        users = list(User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk"))
        having = set(self.filter(user__in=users).values_list("user_id", flat=True))
        missing = [user for user in users if user.pk not in having]
        self.make_for(missing)
        return len(missing)

    def restore_all(self) -> int:
        """Create all profiles and permissions that are missing in the current tenant; returns the number of profiles.

        They are missing after fixtures were loaded, or rows were written by other programs.
        """
        made, missing = 0, User.objects.filter(profile=None).order_by("pk").values_list("pk", flat=True)
        while user_ids := list(missing[:BATCH]):
            made += self.restore_for(user_ids)
        without = self.filter(~may_change(user=OuterRef("user"), profile=OuterRef("pk")))
        self.permit_owners(without.only("user_id").iterator(BATCH))
        return made


def may_change(*, user: Any, profile: Any) -> Exists:
    """Does guardian let this user change this profile? An expression for a query."""
    rows = ProfileUserObjectPermission.objects.filter(user=user, permission=change_profile(), content_object=profile)
    return Exists(rows)


@cache
def change_profile() -> Permission:
    """Cached for the life of the process: its row is the same in all tenants (docs/design.md, invariant 4)."""
    return Permission.objects.get(content_type__app_label="profiles", codename="change_profile")


# Fields that a member can hide. profiles.people.shown decides for every page what of them a viewer sees.
HIDEABLE = ("location", "pronouns", "birth_date", "phone")


def seen_by() -> Any:
    """A column that says who sees another one. By default all see it who may see it at all (profiles/roles.py)."""
    return models.CharField(
        max_length=8,
        choices=Audience.choices,
        default=Audience.EVERYONE,
        db_default=Audience.EVERYONE,
    )


def narrower(*audiences: str) -> str:
    """The one of these audiences that fewest belong to."""
    return max(audiences, key=Audience.values.index)


def photo_key(name: str | None) -> UUID | None:
    """The key in the name of a photo; None if the name is not one of profiles/pictures/keeping.py."""
    found = PHOTO.fullmatch(name or "")
    return UUID(found[1]) if found else None


class Profile(Checked):
    """Each user has one, created and deleted together with the user (profiles/receivers.py). Names are on the user."""

    checked = (
        "bio",
        "location",
        "birth_date",
        "phone",
        "pronouns",
        "time_zone",
        *(f"{name}_seen_by" for name in HIDEABLE),
    )

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile", verbose_name=_("user"))
    bio = models.TextField(_("about you"), blank=True, max_length=2000, validators=[MaxLengthValidator(2000)])
    # The 512 pixel version, photos/<random>/512.webp; 64 and 256 are beside it (profiles/pictures/keeping.py).
    photo = models.FileField(_("photo"), blank=True, editable=False)
    location = models.CharField(_("location"), blank=True, max_length=100)
    birth_date = models.DateField(_("birth date"), null=True, blank=True, validators=[check_birth_date])
    phone = PhoneField(_("phone"), blank=True, max_length=20)
    pronouns = models.CharField(_("pronouns"), blank=True, max_length=40)
    # "" until the member chooses one, or the browser sends it at the first sign-in (profiles/sign_in/time_zone.py).
    time_zone = models.CharField(_("time zone"), blank=True, max_length=64, validators=[check_time_zone])
    updated = models.DateTimeField(_("updated"), auto_now=True)
    # Who may see these fields (HIDEABLE), as the member chose. audience() also applies the organisation's limit.
    location_seen_by = seen_by()
    birth_date_seen_by = seen_by()
    phone_seen_by = seen_by()
    pronouns_seen_by = seen_by()

    # A member, and whether they may change the profile, if that was queried together with it (profiles/access.py).
    permitted: tuple[int, bool] | None = None

    objects = ProfileManager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}_seen_by__in": Audience.values}), name=f"profile_{name}_seen_by_known"
            )
            for name in HIDEABLE
        ]

    def __str__(self) -> str:
        return self.user.name

    def audience(self, field: str) -> str:
        """The audience of one of the HIDEABLE fields: the member's choice, limited by the organisation's."""
        return narrower(getattr(self, f"{field}_seen_by"), required().widest(field))

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.user.username])

    @property
    def clock(self) -> str:
        """The time zone to use: the stored one, or UTC if there is none, or it no longer exists."""
        return self.time_zone if self.time_zone in known_time_zones() else "UTC"

    def photo_url(self, size: int = 256) -> str:
        """The URL of the square picture, `size` pixels wide (64, 256 or 512): the photo, or initials."""
        if key := self.photo_key:
            return reverse("photo", args=[key, size])
        return reverse("initials", args=[self.user.username])

    @property
    def photo_key(self) -> UUID | None:
        """The key of the photo. None without one, and for a file that other code has stored: no page shows that."""
        return photo_key(self.photo.name)


class ProfileUserObjectPermission(UserObjectPermissionBase):
    """guardian's permissions on profiles, with a foreign key, so that they are deleted with their object."""

    pk = models.CompositePrimaryKey("user", "permission", "content_object")
    # The primary key starts with the user, so `user` needs no index. Permissions are never deleted alone.
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False)
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, db_index=False)
    content_object = models.ForeignKey(Profile, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("profile permission")


class NoGroupObjectPermission(GroupObjectPermissionAbstract):
    """guardian's model for groups (GUARDIAN_GROUP_OBJ_PERMS_MODEL). Members are in no groups, so it is never queried.

    It has no table. If you add groups, each model needs its own permission model for them.
    """

    group = models.ForeignKey(Group, on_delete=models.DO_NOTHING)
    permission = models.ForeignKey(Permission, on_delete=models.DO_NOTHING)
    content_type = models.ForeignKey(ContentType, on_delete=models.DO_NOTHING)

    class Meta:
        managed = False
        default_permissions = ()
