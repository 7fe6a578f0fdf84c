"""Provider: where an organisation's members sign in. Identity: which member a person is there."""

from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.role_lines import GIVEN, check_given
from profiles.roles import Role
from shared.checked import Checked

# More would give the table of identities a TOAST table, in each organisation.
PICTURE_LENGTH = 220
SCOPES = "openid email profile"
# https://www.rfc-editor.org/rfc/rfc6749#appendix-A.4
SCOPE = r"^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*\Z"


class State(models.TextChoices):
    """Each needs the one before it. A change of the provider leads back to the first."""

    DRAFT = "draft", _("Not tested")
    TESTED = "tested", _("Off")
    ON = "on", _("On")
    REQUIRED = "required", _("Required")


class Provider(Checked):
    """One row, or none where no provider has been set up."""

    checked = ("name", "issuer", "client_id", "scopes", "role", "groups_claim", "roles")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name"), max_length=40)
    issuer = models.CharField(_("issuer"), max_length=300)
    client_id = models.CharField(_("client ID"), max_length=200)
    secret = models.CharField(_("client secret"), max_length=1000)
    scopes = models.CharField(_("scopes"), max_length=200, default=SCOPES, validators=[RegexValidator(SCOPE)])
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    # Of the fields above: a test sign-in counts for the version with which it began.
    version = models.PositiveIntegerField(default=1)
    trusts_addresses = models.BooleanField(_("connect members by their email address"), default=False)
    makes_members = models.BooleanField(_("make new members"), default=False)
    own_domains_only = models.BooleanField(
        _("new members only with an address of your proved email domains"), default=False, db_default=False
    )
    role = models.CharField(_("role of new members"), max_length=10, choices=Role.choices, default=Role.READER)
    takes_names = models.BooleanField(_("take names over"), default=True, db_default=True)
    takes_photos = models.BooleanField(_("take photos over"), default=False, db_default=False)
    groups_claim = models.CharField(_("claim with the groups"), max_length=100, default="groups")
    roles = models.TextField(_("roles by group"), max_length=2000, blank=True)
    # What discovery said: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
    metadata = models.JSONField(default=dict)
    discovered = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="own_sign_in_one"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="own_sign_in_state"),
            models.CheckConstraint(condition=Q(role__in=GIVEN), name="own_sign_in_role"),
        ]

    def __str__(self) -> str:
        return self.name

    def check_values(self, only: Iterable[str] | None = None) -> None:
        """Also the lines of roles, and that none of them makes owners."""
        super().check_values(only)
        check_given(self.role, self.roles)

    @classmethod
    def current(cls) -> "Provider | None":
        return cls.objects.filter(pk=1).first()

    @classmethod
    def usable(cls) -> "Provider | None":
        """The provider, if members sign in with it."""
        return cls.objects.filter(pk=1, state__in=[State.ON, State.REQUIRED]).first()

    @classmethod
    def required(cls) -> "Provider | None":
        """The provider, if it is the only way in of all but owners."""
        return cls.objects.filter(pk=1, state=State.REQUIRED).first()


class Identity(models.Model):
    """A member is one person at the provider at most. All are deleted when the issuer changes."""

    member = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    subject = models.CharField(max_length=255)
    picture = models.CharField(max_length=PICTURE_LENGTH, default="", db_default="")  # to be fetched by a job

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject"], name="own_sign_in_subject")]

    def __str__(self) -> str:
        return f"{self.member_id} at the provider"
