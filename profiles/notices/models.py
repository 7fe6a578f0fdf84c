"""Notice: something that a member is told. Preference: how a member wants to be told of one kind."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from profiles.notices import sentences


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, member: Any) -> Self:
        """Those that are listed for this member."""
        return self.filter(to=member, shown=True)

    def unread(self) -> Self:
        return self.filter(read=None)

    def due(self) -> Self:
        """Those that have to be mailed now."""
        return self.filter(due__lte=timezone.now())

    def mark_read(self) -> int:
        """Mark those that are not read yet; returns how many. What has been read is not mailed any more."""
        return self.unread().update(read=timezone.now(), due=None)


class Notice(models.Model):
    """A sentence for one member, and where it leads. Of a deactivated member they are kept."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    # One of the registry's notice_kinds(). The app that it is from may be taken out since.
    kind = models.CharField(max_length=60)
    # The object, without a foreign key to its table. Names in `words` are kept as they were.
    model = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=100, blank=True)
    words = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now, editable=False)
    read = models.DateTimeField(null=True)
    # Is it listed in the product? If not, it is mailed alone.
    shown = models.BooleanField(default=True)
    # When it is mailed unless it has been read; null if it has been, or is never.
    due = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Also counts the unread ones of a member, of whom there are MOST at most (keeping.py), without their rows.
            models.Index(fields=["to", "id"], include=["read", "shown"], name="notice_of_member"),
            models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="notice_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}"

    @property
    def sentence(self) -> str:
        """In the present language, as plain text."""
        return sentences.text(self)

    @property
    def html(self) -> SafeString:
        return sentences.html(self)


class Preference(models.Model):
    """What a member has chosen for one kind, where it is not the kind's default."""

    class Mail(models.TextChoices):
        SOON = "soon", _("Soon")
        DAILY = "daily", _("Once a day")
        NEVER = "never", _("Never")

    pk = models.CompositePrimaryKey("member", "kind")
    # The primary key starts with the member, so there is no index of its own.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences", db_index=False
    )
    kind = models.CharField(max_length=60)
    shown = models.BooleanField()
    mail = models.CharField(max_length=5, choices=Mail.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mail__in=["soon", "daily", "never"]), name="preference_mail_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"
