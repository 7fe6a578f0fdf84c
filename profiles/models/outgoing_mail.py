"""OutgoingMail: a rendered message that waits for the worker."""

from django.db import models


class OutgoingMail(models.Model):
    """Kept in the organisation's own schema until it is sent: jobs are in `public`, where no person is named."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
