"""OutgoingMail: a rendered message that waits for the worker."""

from hashlib import sha256

from django.conf import settings
from django.db import models

from tenants.context import schema_name


class OutgoingMail(models.Model):
    """Kept in the organisation's own schema until it is sent: jobs are in `public`, where no person is named."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    # Beside those that every message has (profiles/mail/delivery.py).
    headers = models.JSONField(default=dict, db_default={}, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def message_id(self) -> str:
        """The same whenever it is sent, and no other message's; it tells nobody which schema it is from."""
        named = f"{schema_name()}:{self.pk}:{self.created.isoformat()}"
        return f"<{sha256(named.encode()).hexdigest()[:32]}@{settings.BASE_DOMAIN}>"
