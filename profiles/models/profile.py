"""Profile: what a member tells about themselves, and the permission that only they may change it."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionAbstract, UserObjectPermissionBase

from profiles.models.phone_field import PhoneField
from profiles.models.user import User
from shared.checked import Checked

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
    """Read once: it is a walk through the files of tzdata."""
    return available_timezones()


def check_time_zone(value: str) -> None:
    if value not in known_time_zones():
        raise ValidationError(_("This is not a time zone. Choose one such as Europe/Berlin."), code="unknown")


class ProfileManager(models.Manager["Profile"]):
    """Makes what must exist beside each user: the profile, and the permission that makes it theirs alone."""

    @transaction.atomic(savepoint=False)
    def make_for(self, users: Sequence[User]) -> None:
        """Profiles and permissions for users that have none, in three statements for each ten thousand of them."""
        defaults = import_string(settings.PROFILE_DEFAULTS)
        profiles = [Profile(user=user, **defaults(user)) for user in users]
        self.permit_owners(self.bulk_create(profiles, batch_size=BATCH))

    def permit_owners(self, profiles: "Iterable[Profile]") -> None:
        """The permission to change each of these profiles, for its own user."""
        permission = change_profile()
        ProfileUserObjectPermission.objects.bulk_create(
            [ProfileUserObjectPermission(permission=permission, user_id=p.user_id, content_object=p) for p in profiles],
            batch_size=BATCH,
            ignore_conflicts=True,
        )

    @transaction.atomic
    def restore_for(self, user_ids: Iterable[int]) -> int:
        """Make the profiles that these users lack; returns how many. Two who do it at once make one profile."""
        # A list, so that the users are locked before it is asked who has a profile.
        users = list(User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk"))
        having = set(self.filter(user__in=users).values_list("user_id", flat=True))
        missing = [user for user in users if user.pk not in having]
        self.make_for(missing)
        return len(missing)

    def restore_all(self) -> int:
        """Make every profile and permission that the current tenant lacks; returns the number of profiles.

        They are missing after fixtures were loaded, or rows written by something else than this project.
        """
        made, missing = 0, User.objects.filter(profile=None).order_by("pk").values_list("pk", flat=True)
        while user_ids := list(missing[:BATCH]):
            made += self.restore_for(user_ids)
        without = self.filter(~may_change(user=OuterRef("user"), profile=OuterRef("pk")))
        self.permit_owners(without.only("user_id").iterator(BATCH))
        return made


def may_change(*, user: Any, profile: Any) -> Exists:
    """Whether guardian lets this user change this profile, as part of a query."""
    rows = ProfileUserObjectPermission.objects.filter(user=user, permission=change_profile(), content_object=profile)
    return Exists(rows)


@cache
def change_profile() -> Permission:
    """Kept for the life of the process: its row is the same in all tenants (docs/design.md, invariant 4)."""
    return Permission.objects.get(content_type__app_label="profiles", codename="change_profile")


class Profile(Checked):
    """One for each user, made with it (profiles/receivers.py) and gone with it. Names live on the user."""

    checked = ("bio", "location", "birth_date", "phone", "pronouns", "time_zone")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile", verbose_name=_("user"))
    bio = models.TextField(_("about you"), blank=True, max_length=2000, validators=[MaxLengthValidator(2000)])
    # The 512 pixel version, photos/<random>/512.webp; 64 and 256 lie beside it (profiles/pictures/keeping.py).
    photo = models.FileField(_("photo"), blank=True, editable=False)
    location = models.CharField(_("location"), blank=True, max_length=100)
    birth_date = models.DateField(_("birth date"), null=True, blank=True, validators=[check_birth_date])
    phone = PhoneField(_("phone"), blank=True, max_length=20)
    pronouns = models.CharField(_("pronouns"), blank=True, max_length=40)
    # "" until it is stated, or told by the browser at the first sign-in (profiles/sign_in/time_zone.py).
    time_zone = models.CharField(_("time zone"), blank=True, max_length=64, validators=[check_time_zone])
    updated = models.DateTimeField(_("updated"), auto_now=True)

    # A member, and whether they may change it, where that was asked together with the profile (profiles/access.py).
    permitted: tuple[int, bool] | None = None

    objects = ProfileManager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.user.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.user.username])

    @property
    def clock(self) -> str:
        """The time zone to work with: the stored one, or UTC if none is known, or it is one of the past."""
        return self.time_zone if self.time_zone in known_time_zones() else "UTC"

    def photo_url(self, size: int = 256) -> str:
        """Where the picture is, square, `size` pixels wide (64, 256 or 512): the photo, or drawn initials."""
        if self.photo.name:
            return reverse("photo", args=[PurePosixPath(self.photo.name).parent.name, size])
        return reverse("initials", args=[self.user.username])


class ProfileUserObjectPermission(UserObjectPermissionBase):
    """guardian's permissions on profiles, by foreign key: they go with their object, which generic ones outlive."""

    pk = models.CompositePrimaryKey("user", "permission", "content_object")
    # The primary key begins with the user. A permission is never deleted alone.
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False)
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, db_index=False)
    content_object = models.ForeignKey(Profile, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("profile permission")


class NoGroupObjectPermission(GroupObjectPermissionAbstract):
    """What guardian asks about groups (GUARDIAN_GROUP_OBJ_PERMS_MODEL). Members are in none, so it sends no statement.

    It has no table. Where groups are added, each model gets a permission model of its own for them.
    """

    group = models.ForeignKey(Group, on_delete=models.DO_NOTHING)
    permission = models.ForeignKey(Permission, on_delete=models.DO_NOTHING)
    content_type = models.ForeignKey(ContentType, on_delete=models.DO_NOTHING)

    class Meta:
        managed = False
        default_permissions = ()
