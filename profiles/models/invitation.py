"""Invitation: an offer by email to join the organisation."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.signing import BadSignature
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models.email_field import CanonicalEmailField
from profiles.models.user import User
from profiles.roles import Role
from shared.checked import Checked
from shared.emails import CANONICAL
from shared.names import no_address
from tenants import signing
from tenants.context import required

SALT = "invitation"
SHAPE = {"pk": int, "nonce": str}  # of what is signed
OPEN = Q(accepted=None, revoked=None)


def expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def random_nonce() -> str:
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Invitations that can be accepted, or sent again if they have expired."""
        return self.filter(OPEN)

    def by_token(self, token: str) -> Self:
        """The open invitation of this link, if it is the newest link sent; or none."""
        return self.open().of_link(token).filter(expires__gt=timezone.now())

    def of_link(self, token: str) -> Self:
        """This organisation's invitation of this link, also if it is accepted, revoked or expired; or none."""
        try:
            value = signing.loads(token, salt=SALT, max_age=settings.INVITATION_DAYS * 86_400, shape=SHAPE)
        except BadSignature:
            return self.none()
        return self.filter(pk=value["pk"], nonce=value["nonce"])


class Invitation(Checked):
    checked = ("email", "role", "message", "name")

    email = CanonicalEmailField(_("email address"))
    # Proposed to the person, who may join under another one.
    name = models.CharField(_("name"), max_length=150, blank=True, default="", db_default="", validators=[no_address])
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.READER)
    message = models.TextField(
        _("personal message"), blank=True, max_length=1000, validators=[MaxLengthValidator(1000)]
    )
    # What apps do when the person joins, by the name of their column (profiles/invitations/columns.py).
    added: Any = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Replaced when the invitation is sent again, which invalidates the older link.
    nonce = models.CharField(max_length=40, default=random_nonce, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(default=expiry)
    accepted = models.DateTimeField(null=True, editable=False)
    revoked = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # `__iexact` compares by Upper. The list of open invitations uses this index too.
            models.UniqueConstraint(Upper("email"), condition=OPEN, name="invitation_one_open_per_email"),
            models.CheckConstraint(
                condition=Q(email=Lower("email"), email__regex=CANONICAL), name="invitation_email_canonical"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    @property
    def is_expired(self) -> bool:
        return self.expires <= timezone.now()

    @property
    def token(self) -> str:
        """The link's token: signed for this organisation, and valid in the newest link only."""
        return signing.dumps({"pk": self.pk, "nonce": self.nonce}, salt=SALT)

    @property
    def url(self) -> str:
        return required().url(reverse("accept_invitation", args=[self.token]))
