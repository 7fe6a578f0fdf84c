"""Entry: one action in an organisation."""

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Characters of a name: two names of 150, with a blank between.
LONGEST_NAME = 301
SIGN_INS = ("session.started", "session.refused", "two_factor.refused")


class EntryQuerySet(models.QuerySet["Entry"]):
    def having(self, *terms: str) -> Self:
        """Entries that contain all of these terms."""
        return self.filter(terms__contains=list(terms))

    def about_sign_ins(self) -> Self:
        """Successful and failed sign-ins."""
        return self.filter(terms__overlap=[of_kind(kind) for kind in SIGN_INS])

    def concerning(self, members: Iterable[Any]) -> Self:
        """Entries done by one of these members, or to one of them."""
        return self.filter(terms__overlap=[term for pk in members for term in (by(pk), touching("profiles.user", pk))])


class Entry(models.Model):
    """Only added: PostgreSQL refuses an organisation's statements to change or delete one (migration 0001).

    So there are no foreign keys, which would have to be emptied, and names are kept as they were.
    """

    class Actor(models.TextChoices):
        MEMBER = "member", _("Member")
        VISITOR = "visitor", _("Visitor")
        SYSTEM = "system", _("System")
        OPERATOR = "operator", _("Operator")  # an operator may be signed in as the member of `actor_id`
        DIRECTORY = "directory", _("Directory (SCIM)")  # a program that keeps the members as another system has them

    at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=10, choices=Actor.choices)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    # The program that acted for the actor, by the name of its token; or the operator who was signed in as the actor.
    via = models.CharField(max_length=80, blank=True)
    # [{"type": "profiles.user", "id": "7", "name": "Rita Reader"}], the first of which it is about most.
    about = models.JSONField(default=list)
    # {"role": ["reader", "editor"], "phone": null}: null where the values are not kept.
    changes = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    request = models.CharField(max_length=64, blank=True)
    # The search terms: its kind, its actor, and each object.
    terms = ArrayField(models.CharField(max_length=300))

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at", "id"], name="entry_by_time"),
            # Without a list of what is to be indexed later, as profiles/models/user.py explains.
            GinIndex(fields=["terms"], fastupdate=False, name="entry_by_term"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_name or self.actor}"


def of_kind(kind: str) -> str:
    return f"kind:{kind}"


def by(member: Any) -> str:
    return f"by:{member}"


def touching(kind: str, pk: Any) -> str:
    return f"{kind}:{pk}"
