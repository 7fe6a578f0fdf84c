"""HandOff: a one-time link that signs a member in on the organisation's host."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.signing import BadSignature
from django.db import models
from django.urls import reverse
from django.utils import timezone

from profiles.models.user import User
from tenants import signing

SALT = "hand-off"


class HandOffManager(models.Manager["HandOff"]):
    def by_token(self, token: str) -> "HandOff | None":
        """The hand-off of a link that has not been used yet, within HAND_OFF_SECONDS, in this organisation; or None."""
        try:
            key = UUID(signing.loads(token, salt=SALT, max_age=settings.HAND_OFF_SECONDS, shape=str))
        except (BadSignature, ValueError):
            return None
        return self.select_related("user").filter(pk=key, user__is_active=True).first()

    def redeem(self, token: str) -> User | None:
        """Use a link up, and return the member that it signs in; None as in by_token()."""
        self.sweep()
        hand_off = self.by_token(token)
        # Of several concurrent requests, only one can delete the row.
        if hand_off is None or not self.filter(pk=hand_off.pk).delete()[0]:
            return None
        return hand_off.user

    def sweep(self) -> None:
        """Delete hand-offs that were not used in time."""
        self.filter(created__lt=timezone.now() - timedelta(seconds=settings.HAND_OFF_SECONDS)).delete()


class HandOff(models.Model):
    # No number: its sequence would be a file of each organisation.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = HandOffManager()

    def __str__(self) -> str:
        return f"hand-off of {self.user_id}"

    @property
    def path(self) -> str:
        """The path on this organisation's host that signs the member in."""
        return reverse("hand_off", args=[signing.dumps(str(self.pk), salt=SALT)], urlconf=settings.ROOT_URLCONF)
