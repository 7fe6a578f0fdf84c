"""Identity: who a member is at a provider."""

from django.db import models
from django.utils import timezone

from profiles.models import User
from shared.checked import Checked

NAME = 20  # characters


class Identity(Checked):
    """A member has one account at each provider at most, and an account belongs to one member of an organisation.

    It replaces allauth's SocialAccount, SocialToken and SocialApp. Nothing is called in a member's name, so no token is
    kept, and the clients are settings: one table and two indexes in each organisation, and no sequence.
    """

    checked = ("provider", "subject", "shown")

    pk = models.CompositePrimaryKey("member", "provider")
    member = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)  # the primary key starts with it
    provider = models.CharField(max_length=NAME)
    subject = models.CharField(max_length=255)
    # What the person calls that account: an address or a name. It decides nothing.
    shown = models.CharField(max_length=150)
    linked = models.DateTimeField(default=timezone.now)
    used = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="providers_identity_subject")]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.provider}"
