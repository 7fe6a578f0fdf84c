"""Token, TokenPolicy and Answer: an organisation's data of its API."""

from ipaddress import ip_address, ip_network
from typing import Self

from django.db import models
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from profiles.api import scopes, texts
from profiles.api.places import apart
from profiles.models.user import User
from shared.checked import Checked


class TokenQuerySet(models.QuerySet["Token"]):
    def of(self, member: User) -> Self:
        return self.filter(user=member, is_service=False)

    def for_api(self) -> Self:
        """Without those that are valid in another place only (places.py), which has pages of its own for them."""
        return self.exclude(scope__in=apart())

    def newest_first(self) -> Self:
        return self.order_by("-created", "pk")

    def end(self) -> int:
        """Revoke them; returns how many. A service's row stays, so that it can be renewed (changes.renew)."""
        services = self.filter(is_service=True).exclude(digest="").update(digest="")
        return services + self.filter(is_service=False).delete()[0]

    def in_use(self) -> Self:
        """Loads what is needed to validate them: `user`, and `is_forbidden` by the policy."""
        forbidding = TokenPolicy.objects.filter(members_make_tokens=False)
        return self.select_related("user").annotate(is_forbidden=~Q(is_service=True) & Exists(forbidding))


class Token(Checked):
    """A program's token, which acts for a member or a service. Its text is shown once and never stored.

    A service is a member without password and email address. It has a role. Owners and admins change the role,
    deactivate the service or remove it. The columns are short, so PostgreSQL needs no TOAST table for them. The primary
    key is random, and is part of the token.
    """

    checked = ("name", "scope", "networks", "expires")

    id = models.BigIntegerField(primary_key=True, default=texts.random_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, editable=False)
    scope = models.CharField(max_length=200)
    networks = models.CharField(max_length=100, blank=True)
    is_service = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(null=True, blank=True)
    # Updated once a day.
    used = models.DateField(null=True, editable=False)
    used_from = models.CharField(max_length=43, blank=True, editable=False)

    is_forbidden = False  # by the policy, if loaded together with the token: in_use()

    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.name})"

    @property
    def beginning(self) -> str:
        return texts.beginning(self.pk)

    @property
    def scopes(self) -> list[str]:
        return self.scope.split()

    @property
    def scope_labels(self) -> list[str]:
        """The scopes, in words for people."""
        return [scopes.label(scope) for scope in self.scopes]

    @property
    def is_expired(self) -> bool:
        return self.expires is not None and self.expires <= timezone.now()

    def is_worth(self, text: texts.Text) -> bool:
        """Whether the text is this token's, and it is still valid."""
        is_it = constant_time_compare(self.digest, text.digest)
        return is_it and self.user.is_active and not self.is_expired and not self.is_forbidden

    def allows(self, scope: str) -> bool:
        return scopes.covers(self.scopes, scope)

    def may_come_from(self, address: str) -> bool:
        """Whether the address is in an allowed network; without networks, all addresses are."""
        allowed = self.networks.split()
        return not allowed or (bool(address) and any(is_within(address, each) for each in allowed))

    def note_use(self, network: str) -> None:
        """Store the day and the network, at the first use of each day."""
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        if self.used != today:
            Token.objects.filter(pk=self.pk).update(used=today, used_from=network)


def is_within(address: str, network: str) -> bool:
    """Not within what is no network."""
    try:
        return ip_address(address) in ip_network(network)
    except ValueError:
        return False


class TokenPolicy(models.Model):
    """The organisation's policy: one row, or none for the defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    members_make_tokens = models.BooleanField(
        _("Members may make personal tokens"),
        default=True,
        help_text=_("If you switch this off, personal tokens stop working. They work again when you switch it on."),
    )
    may_never_expire = models.BooleanField(
        _("Tokens may be made without an expiry date"),
        default=False,
        help_text=_("Applies to new tokens. Existing ones keep their date."),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="api_only_one_policy")]

    def __str__(self) -> str:
        return "policy"

    @classmethod
    def load(cls) -> "TokenPolicy":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Answer(models.Model):
    """The response to a POST with an Idempotency-Key, which is done only once."""

    key = models.UUIDField(primary_key=True)  # hash of the token and the header
    request = models.CharField(max_length=64)  # hash of the request: the same key is not valid for another one
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.status} of {self.created}"
