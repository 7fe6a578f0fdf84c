"""Joining: an organisation's join link, and whether it accepts requests. Applicant: a person who used either."""

import secrets
from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from profiles.models.email_field import CanonicalEmailField
from profiles.models.invitation import Invitation
from profiles.models.user import User
from profiles.roles import Role, grants
from shared.checked import Checked
from shared.emails import CANONICAL
from shared.names import no_address
from tenants.context import required

# Many people know the link, so it never gives a manager's role.
ROLES = (Role.EDITOR, Role.READER)


def random_nonce() -> str:
    return secrets.token_urlsafe(24)


class Joining(Checked):
    """One row, or none where neither has been switched on. `version` counts the links; a new one ends the last one."""

    checked = ("role", "expires", "most_uses", "domains")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    takes_requests = models.BooleanField(_("requests to join"), default=False)
    # When the managers got mail about requests, if none of them has looked at the requests since.
    told = models.DateTimeField(null=True)

    nonce = models.CharField(max_length=40, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.READER)
    expires = models.DateTimeField(_("expires"), null=True)
    most_uses = models.PositiveSmallIntegerField(_("number of uses"), null=True)
    domains = models.CharField(_("email domains"), max_length=300, blank=True, default="")
    # People are invited in this member's name, so the link works as long as the member may give its role.
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="joining_only_one"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="joining_role_low"),
            models.CheckConstraint(condition=Q(nonce="") | Q(expires__isnull=False), name="joining_link_ends"),
        ]

    def __str__(self) -> str:
        return f"join link {self.version}"

    @classmethod
    def load(cls) -> "Joining":
        return cls.objects.select_related("made_by").filter(pk=1).first() or cls(pk=1)

    @classmethod
    def locked(cls) -> "Joining":
        """The row, created if missing, and locked until the transaction ends."""
        Joining.objects.bulk_create([Joining(pk=1)], ignore_conflicts=True)
        return Joining.objects.select_for_update(of=["self"]).select_related("made_by").get(pk=1)

    @property
    def is_alive(self) -> bool:
        """Can people join by the link, while it has uses left?"""
        has_maker = self.made_by is not None and grants(self.made_by, self.role)
        return bool(self.nonce and has_maker and self.expires and self.expires > timezone.now())

    def opens(self, token: str) -> bool:
        return self.is_alive and constant_time_compare(self.nonce, token)

    @property
    def url(self) -> str:
        return required().url(reverse("join_by_link", args=[self.nonce]))

    @property
    def uses(self) -> int:
        """How many have joined by the link, or still can. An invitation that was not accepted gives its use back."""
        return Applicant.objects.by_link(self.version).count()

    @property
    def is_used_up(self) -> bool:
        return self.most_uses is not None and self.uses >= self.most_uses

    @property
    def allowed_domains(self) -> list[str]:
        return self.domains.split()


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def waiting(self) -> Self:
        """Pending requests, the newest first."""
        return self.filter(decided=None)

    def by_link(self, version: int) -> Self:
        """Applicants who count as a use of the link: they have joined, or their invitation is still valid."""
        is_open = Q(invitation__revoked=None, invitation__expires__gt=timezone.now())
        return self.filter(is_open | Q(invitation__accepted__isnull=False), version=version)


class Applicant(Checked):
    checked = ("email", "name", "message")

    email = CanonicalEmailField(_("email address"))
    name = models.CharField(_("name"), max_length=150, validators=[no_address])
    message = models.TextField(_("message"), blank=True, max_length=500, validators=[MaxLengthValidator(500)])
    # Of the join link; null for a request.
    version = models.PositiveIntegerField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # If the person may join.
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # The list of pending requests uses this index too.
            models.UniqueConstraint(fields=["email"], condition=Q(decided=None), name="applicant_waits_once"),
            models.CheckConstraint(
                condition=Q(email=Lower("email"), email__regex=CANONICAL), name="applicant_email_canonical"
            ),
            models.CheckConstraint(condition=Q(version=None) | Q(decided__isnull=False), name="applicant_link_decides"),
        ]

    def __str__(self) -> str:
        return self.email
