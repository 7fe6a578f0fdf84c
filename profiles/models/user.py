"""User: a member of one organisation."""

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from profiles.roles import Role
from tenants.context import schema_name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def owners(self) -> Self:
        return self.filter(role=Role.OWNER, is_active=True)

    def search(self, words: str) -> Self:
        """Members whose name, user name or e-mail holds each of the words."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(username__icontains=word)
                | Q(email__icontains=word)
            )
        return found

    def bulk_create(self, objs: Iterable["User"], *args: Any, **kwargs: Any) -> list["User"]:
        """As in Django, which sends no signals here: the profiles and permissions are made in a few statements."""
        from profiles.receivers import make_profiles

        with transaction.atomic(using=self.db):
            users = super().bulk_create(list(objs), *args, **kwargs)
            make_profiles(users)
        return users


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_superuser(self, *args: Any, **kwargs: Any) -> "User":
        raise TypeError("Nobody is a superuser in an organisation. Create a user with role=Role.OWNER instead.")


class User(AbstractUser):
    """A member. Names live here and not on the profile: mail, admin and every library ask `get_full_name()`."""

    email = models.EmailField("e-mail address", blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.READER, db_index=True)

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_unique",
                violation_error_message="Somebody in this organisation has this e-mail address already.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message="Somebody in this organisation has this user name already.",
            ),
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_never_superuser"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    @property
    def name(self) -> str:
        """What pages call this person: the full name, or else the user name."""
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The tenant is part of it: a session of one organisation never fits the same person's row in another.
        salt = f"{schema_name()}:profiles.User.get_session_auth_hash"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()
