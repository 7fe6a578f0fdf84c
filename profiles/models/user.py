"""User: a member of one organisation."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, Group, Permission
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.db.models.manager import EmptyManager
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.models.email_field import CanonicalEmailField
from profiles.models.names import SORT_NAME, WORDS, Matching, words_of
from profiles.roles import Role, manages_members
from shared.checked import Checked
from shared.emails import CANONICAL, same_mailbox
from shared.names import no_address
from tenants.context import schema_name

# "." and ".." are folders in an address: browsers and servers would take them out of /people/../ and be elsewhere.
# The table refuses the same as far as it can be said in all locales: what an address cannot carry, or would show in
# another way than it is.
USERNAME_VALIDATORS = [UnicodeUsernameValidator(), RegexValidator(r"\w", _("Use at least one letter or digit."))]
NOT_IN_USERNAMES = r"[\u0001-*,/:-?\[-^`{-\u00a0\u1680\u2000-\u206f\u3000\ufeff]"
NO_USERNAME = r"^[.@+-]*\Z"


def check_own_address(username: str, email: str) -> None:
    """Raise ValidationError, by field, for a username that reads like an address and is not the member's own.

    A colleague's page would be at /people/owner@acme.example/, and invitations would not reach the address's owner.
    """
    if username and "@" in username and username != email:
        sentence = gettext("A username with an @ in it can only be your own email address.")
        raise ValidationError({"username": ValidationError(sentence, code="address")})


def normalised(username: str) -> str:
    """A username in its one spelling: NFKC, as Django's forms have it; that of an address if it is one."""
    username = AbstractUser.normalize_username(username)
    return same_mailbox(username) if username and "@" in username else username


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def owners(self) -> Self:
        return self.filter(role=Role.OWNER, is_active=True)

    def visible_to(self, viewer: "User") -> Self:
        """Whom this member may look at: the active ones, and everybody for those who manage members."""
        return self if manages_members(viewer) else self.active()

    def search(self, text: str, *, by_email: bool = False) -> Self:
        """Members with a name, username, location or, for who may see it, email in which each word begins a word."""
        if words := words_of(text):
            return self.filter(Matching("search_words", words, by_email=by_email))
        return self.none() if text.strip(" \0") else self

    def named(self, username: str) -> Self:
        """The member with this username, as it is spelled: there is one index for every spelling."""
        return self.filter(username__iexact=username, username=username)

    def by_name(self) -> Self:
        """Sorted as a list of names is read, the same on each page of it."""
        return self.order_by("sort_name", "pk")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As in Django, which sends no signals here: profiles and permissions take a few statements.

        Raises ValidationError as save() does.
        """
        objs = list(objs)
        for user in objs:
            user.check_values()
        with transaction.atomic(using=self.db):
            users = super().bulk_create(objs, *args, **kwargs)
            if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
                # Some were there already, and with ignore_conflicts nobody says which, nor what the keys are.
                names = [user.username for user in users]
                profiles().restore_for(User.objects.filter(username__in=names).values_list("pk", flat=True))
            else:
                profiles().make_for(users)
        return users


def profiles() -> Any:
    """The manager of profiles, found through the relation: the module of that model imports this one."""
    return User._meta.get_field("profile").related_model._default_manager


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_superuser(self, *args: Any, **kwargs: Any) -> "User":
        raise TypeError("Nobody is a superuser in an organisation. Create a user with role=Role.OWNER instead.")


class User(Checked, AbstractUser):
    """A member. Names live here and not on the profile: mail, admin and every library ask `get_full_name()`."""

    checked = ("username", "email", "role", "first_name", "last_name")

    username = models.CharField(
        _("username"),
        max_length=150,
        help_text=_("Part of the profile's address. Letters, digits and . + - _ only, or your own email address."),
        validators=USERNAME_VALIDATORS,
        error_messages={"unique": _("A member already has this username. Choose another one.")},
    )
    first_name = models.CharField(_("first name"), max_length=150, blank=True, validators=[no_address])
    last_name = models.CharField(_("last name"), max_length=150, blank=True, validators=[no_address])
    email = CanonicalEmailField(_("email address"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.READER)
    # A code of the setting LANGUAGES; "": the organisation's, or the browser's (profiles/language.py).
    language = models.CharField(_("language"), max_length=16, blank=True, default="", db_default="")
    # "light" or "dark"; "": as the device is set.
    theme = models.CharField(_("appearance"), max_length=5, blank=True, default="", db_default="")

    # The location in the member's profile, for the search, which reads one index. Triggers keep it (migration 0012).
    place = models.CharField(max_length=100, editable=False, default="", db_default="")
    # PostgreSQL keeps these two up to date. It would take ten times longer to work them out in each search.
    sort_name = models.GeneratedField(expression=SORT_NAME, output_field=models.TextField(), db_persist=True)
    search_words = models.GeneratedField(expression=WORDS, output_field=SearchVectorField(), db_persist=True)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~Q(email=""),
                name="user_email_unique",
                violation_error_message=_("A member already has this email address."),
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=Q(email="") | Q(email__regex=CANONICAL), name="user_email_canonical"),
            models.UniqueConstraint(
                Upper("username"),  # what `__iexact` asks for, allauth's too
                name="user_username_unique",
                violation_error_message=_("A member already has this username."),
            ),
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_never_superuser"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=~Q(username__regex=NOT_IN_USERNAMES) & ~Q(username__regex=NO_USERNAME),
                name="user_username_fits_address",
                violation_error_message=_("This cannot be part of an address."),
            ),
            models.CheckConstraint(
                condition=~Q(username__regex="@") | Q(username=F("email")), name="user_username_own_address"
            ),
        ]
        # Behind every list of people, each in the order of names, and behind the search.
        indexes = [
            models.Index(fields=["sort_name", "id"], name="user_by_name"),
            models.Index(fields=["is_active", "sort_name", "id"], name="user_by_state"),
            models.Index(fields=["role", "sort_name", "id"], name="user_by_role"),
            # Without a list of what is to be indexed later: with one, PostgreSQL rather reads the whole table.
            # https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE
            GinIndex(fields=["search_words"], fastupdate=False, name="user_by_word"),
        ]

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        """A proxy or a child with a manager of its own would make users without profiles by `bulk_create()`."""
        plain = [each.name for each in cls._meta.managers if not isinstance(each.get_queryset(), UserQuerySet)]
        hint = "Derive it from profiles.models.user.UserManager, or its queryset from UserQuerySet."
        errors = [
            checks.Error(f"The manager {cls.__name__}.{name} makes users without profiles.", hint, cls, "profiles.E001")
            for name in plain
        ]
        return [*super().check(**kwargs), *errors]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With all that receivers make beside a user, or not at all.

        Raises DatabaseError for a member who has been removed meanwhile: Django would insert the row anew.
        """
        if not (self._state.adding or args or kwargs.get("update_fields") is not None or kwargs.get("force_insert")):
            kwargs["force_update"] = True
        self.check_values(kwargs.get("update_fields"))  # Before: a refusal spoils no transaction of the caller's.
        with transaction.atomic(savepoint=False):
            AbstractUser.save(self, *args, **kwargs)

    def check_values(self, only: Iterable[str] | None = None) -> None:
        """One username, one spelling. Raises ValidationError as in Checked."""
        names = {"username", "email"} - self.get_deferred_fields()
        if len(names) == 2 and (only is None or names & set(only)):
            self.username = normalised(self.username)
            check_own_address(self.username, same_mailbox(self.email or ""))
        super().check_values(only)

    def clean(self) -> None:
        """What forms look at, once each field is right by itself."""
        super().clean()
        self.username = normalised(self.username)
        check_own_address(self.username, same_mailbox(self.email or ""))

    @property
    def groups(self) -> EmptyManager[Group]:  # type: ignore[override]  # no field, no table
        """Members are in no groups: the role says what they may do. A field of this name would make it a table."""
        return EmptyManager(Group)

    @property
    def user_permissions(self) -> EmptyManager[Permission]:  # type: ignore[override]  # as above
        """Members have permissions on objects alone, which guardian keeps."""
        return EmptyManager(Permission)

    @property
    def name(self) -> str:
        """What pages call this person: the full name, or else the username."""
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The tenant is part of it: a session of one organisation never fits the same person's row in another.
        salt = f"{schema_name()}:profiles.User.get_session_auth_hash"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()
