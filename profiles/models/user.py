"""User: a member of one organisation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, Lower, Upper
from django.db.models.manager import EmptyManager
from django.dispatch import Signal
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.models.email_field import CanonicalEmailField
from profiles.models.names import EMAIL_MARK, MANAGERS_MARK, SORT_NAME, WORDS, Matching, every, words_of
from profiles.models.username_field import CanonicalUsernameField, normalised
from profiles.roles import Role, manages_members
from shared.checked import Checked, not_possible
from shared.emails import CANONICAL, same_mailbox
from shared.names import no_address
from tenants.context import schema_name

# At least one letter or digit: "." and ".." are path segments, which browsers and servers remove from /people/../. The
# table's constraint refuses the same as far as it is possible in all locales: characters that a URL cannot contain, or
# that it would show differently.
USERNAME_VALIDATORS = [UnicodeUsernameValidator(), RegexValidator(r"\w", _("Use at least one letter or digit."))]
NOT_IN_USERNAMES = r"[\u0001-*,/:-?\[-^`{-\u00a0\u1680\u2000-\u206f\u3000\ufeff]"
NO_USERNAME = r"^[.@+-]*\Z"

THEMES = ("light", "dark")

# Of 100,000 members, one in twenty are found by the index and sorted in 25 ms, which is as long as the other way takes.
SAMPLE, COMMON = 500, 0.05

# Sent with `names` and `member`, a primary key or None. Receivers return those of the names, in capitals, that are kept
# for other members.
usernames_wanted = Signal()


def kept_usernames(names: list[str], member: int | None = None) -> set[str]:
    """Those that no other member has, but that capabilities keep from this one, in capitals."""
    answers: list[tuple[Any, Any]] = usernames_wanted.send(sender=None, names=names, member=member)
    return {name for _receiver, kept in answers for name in kept}


def check_own_address(username: str, email: str) -> None:
    """Raise ValidationError, by field, for a username that is an email address other than the member's own.

    Otherwise another member's page could be /people/owner@acme.example/, and the owner of the address could not be
    invited.
    """
    if username and "@" in username and username != email:
        sentence = gettext("A username with an @ in it can only be your own email address.")
        raise ValidationError({"username": ValidationError(sentence, code="address")})


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def owners(self) -> Self:
        return self.filter(role=Role.OWNER, is_active=True)

    def visible_to(self, viewer: "User") -> Self:
        """The members that the viewer may see: active ones, or all if the viewer manages members."""
        return self if manages_members(viewer) else self.active()

    def search(self, text: str, *, by_email: bool = False, as_manager: bool = False) -> Self:
        """Members whose names or location, or what capabilities add, have words that start with each of these.

        `by_email`: the email address too. `as_manager`: also what only owners and admins find by.
        """
        marks = [EMAIL_MARK] * by_email + [MANAGERS_MARK] * as_manager
        if words := words_of(text):
            return self.matching(every(words, marks=marks))
        return self.none() if text.strip(" \0") else self

    def matching(self, query: str) -> Self:
        """Members with the words of a query, found by the index of words, or along the list if the words are common.

        PostgreSQL cannot tell which of both takes less time: it has statistics of a column's most common words only,
        and takes any other beginning of words for one in 200. So the condition is written in a form that it estimates
        as half of the members, or, said twice, as very few.
        """
        found, not_found = Matching("search_words", query), Matching("search_words", f"!({query})")
        is_common = self.share_of(found) >= COMMON
        return self.filter(Coalesce(found, False)) if is_common else self.filter(found).exclude(not_found)

    def share_of(self, found: Matching) -> float:
        """The part of the members who match, judged by the first ones of the list. One statement.

        The list by name is the usual one, and if there are enough on its beginning, its first page ends there.
        """
        first = self.model._default_manager.annotate(is_found=found).by_name()[:SAMPLE]
        numbers = first.aggregate(all=Count("pk"), found=Count("pk", filter=Q(is_found=True)))
        return float(numbers["found"] / max(numbers["all"], 1))

    def by_name(self) -> Self:
        """Sorted by name, in an order that is the same on each page of a list."""
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
                # Some existed already, and with ignore_conflicts Django returns neither which, nor their keys.
                names = [user.username for user in users]
                profiles().restore_for(User.objects.filter(username__in=names).values_list("pk", flat=True))
            else:
                profiles().make_for(users)
        return users


def profiles() -> Any:
    """The manager of profiles, found through the relation, since that model's module imports this one."""
    return User._meta.get_field("profile").related_model._default_manager


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_superuser(self, *args: Any, **kwargs: Any) -> "User":
        raise TypeError("Organisations have no superusers. Create a user with role=Role.OWNER instead.")


class User(Checked, AbstractUser):
    """A member. Names are here and not on the profile: mail, admin and libraries call `get_full_name()`."""

    checked = ("username", "email", "role", "first_name", "last_name", "language", "theme")

    username = CanonicalUsernameField(
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
    # A code of LANGUAGES; "" stands for the organisation's language, or the browser's (profiles/language.py).
    language = models.CharField(_("language"), max_length=16, blank=True, default="", db_default="")
    # "light" or "dark"; "" stands for the device's setting.
    theme = models.CharField(_("appearance"), max_length=5, blank=True, default="", db_default="")

    # To within ten minutes (profiles/sign_in/session_store.py); NULL for members who have only signed in.
    last_seen = models.DateTimeField(null=True, editable=False)

    # A copy of a location that everyone sees, so that the search needs one index. Triggers update it (migration 0016).
    place = models.CharField(max_length=100, editable=False, default="", db_default="")
    # What else members are found by: words as profiles.models.names.indexed() writes them, by capabilities.
    more_words = models.TextField(editable=False, default="", db_default="")
    # PostgreSQL computes these two when a row is written. Computing them in each search would take ten times longer.
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
                Upper("username"),  # `__iexact` compares by it, also in allauth
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
        # Used by all lists of people in the order of names, and by the search.
        indexes = [
            models.Index(fields=["sort_name", "id"], name="user_by_name"),
            models.Index(fields=["is_active", "sort_name", "id"], name="user_by_state"),
            models.Index(fields=["role", "sort_name", "id"], name="user_by_role"),
            # Without fastupdate: with its pending list, PostgreSQL prefers to scan the whole table.
            # https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE
            GinIndex(fields=["search_words"], fastupdate=False, name="user_by_word"),
        ]

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        """Checks that proxies and children use our manager: others' `bulk_create()` creates users without profiles."""
        plain = [each.name for each in cls._meta.managers if not isinstance(each.get_queryset(), UserQuerySet)]
        hint = "Derive it from profiles.models.user.UserManager, or its queryset from UserQuerySet."
        errors = [
            checks.Error(f"The manager {cls.__name__}.{name} makes users without profiles.", hint, cls, "profiles.E001")
            for name in plain
        ]
        return [*super().check(**kwargs), *errors]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the user together with what receivers create, in one transaction.

        Raises DatabaseError for a member who has been removed meanwhile: Django would insert the row again.
        """
        if not (self._state.adding or args or kwargs.get("update_fields") is not None or kwargs.get("force_insert")):
            kwargs["force_update"] = True
        # Before the transaction, so that an error does not break the caller's.
        self.check_values(kwargs.get("update_fields"))
        with transaction.atomic(savepoint=False):
            AbstractUser.save(self, *args, **kwargs)

    def check_values(self, only: Iterable[str] | None = None) -> None:
        """Also brings the username into its canonical spelling. Raises ValidationError as in Checked."""
        names = {"username", "email"} - self.get_deferred_fields()
        if len(names) == 2 and (only is None or names & set(only)):
            self.username = normalised(self.username)
            check_own_address(self.username, same_mailbox(self.email or ""))
        super().check_values(only)
        self.check_choices(only)

    def check_choices(self, only: Iterable[str] | None) -> None:
        """New choices. An earlier one may be gone, as a language that the product has no longer."""
        for field, choices in (("language", dict(settings.LANGUAGES)), ("theme", THEMES)):
            is_new = self._state.adding if only is None else field in only
            if is_new and getattr(self, field) not in ("", *choices):
                raise not_possible(self, field)

    def clean(self) -> None:
        """Checks of forms after each field is valid."""
        super().clean()
        if not self.username:  # The form has an error for it already.
            return
        self.username = normalised(self.username)
        check_own_address(self.username, same_mailbox(self.email or ""))
        if self.username.upper() in kept_usernames([self.username], self.pk):
            sentence = gettext("A member had this username until recently. Choose another one.")
            raise ValidationError({"username": ValidationError(sentence, code="kept")})

    @property
    def groups(self) -> EmptyManager[Group]:  # type: ignore[override]  # no field, no table
        """Members are in no groups: their rights follow from the role. A field of this name would create a table."""
        return EmptyManager(Group)

    @property
    def user_permissions(self) -> EmptyManager[Permission]:  # type: ignore[override]  # as above
        """Members have permissions on objects only, which guardian stores."""
        return EmptyManager(Permission)

    def get_full_name(self) -> str:
        """In the order of the reader's language, which its catalogue says."""
        return (gettext("%(given)s %(family)s") % {"given": self.first_name, "family": self.last_name}).strip()

    @property
    def name(self) -> str:
        """The name on pages: the full name, or else the username."""
        return self.get_full_name() or self.username

    @property
    def seen(self) -> datetime | None:
        """When they last used a page, or signed in."""
        return max(filter(None, (self.last_seen, self.last_login)), default=None)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # It contains the tenant, so that a session is never valid for a user of another organisation.
        salt = f"{schema_name()}:profiles.User.get_session_auth_hash"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()
