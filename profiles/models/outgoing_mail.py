"""OutgoingMail: a rendered message that waits for the worker."""

from hashlib import sha256

from django.conf import settings
from django.db import models

from tenants.context import schema_name


class OutgoingMail(models.Model):
    """Stored in the organisation's schema until it is sent: jobs are in `public`, which contains no personal data."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    # Headers besides those of every message (profiles/mail/delivery.py).
    headers = models.JSONField(default=dict, db_default={}, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def message_id(self) -> str:
        """A unique id that is the same at each attempt, and does not reveal the schema."""
        named = f"{schema_name()}:{self.pk}:{self.created.isoformat()}"
        return f"<{sha256(named.encode()).hexdigest()[:32]}@{settings.BASE_DOMAIN}>"
