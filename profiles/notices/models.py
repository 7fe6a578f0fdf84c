"""Notice: a notification for a member. Preference: how a member wants to receive a kind of them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from profiles.notices import sentences
from shared.checked import Checked


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, member: Any) -> Self:
        """The notices in this member's list."""
        return self.filter(to=member, shown=True)

    def unread(self) -> Self:
        return self.filter(read=None)

    def due(self) -> Self:
        """The notices that have to be mailed now."""
        return self.filter(due__lte=timezone.now())

    def mark_read(self) -> int:
        """Mark unread ones as read; returns how many. Read notices are not mailed."""
        return self.unread().update(read=timezone.now(), due=None)


class Notice(models.Model):
    """A sentence for a member, with a link. Deactivated members keep their notices."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    # One of the registry's notice_kinds(). Its app may be taken out later.
    kind = models.CharField(max_length=60)
    # The object, without a foreign key to its table. Names in `words` do not change later.
    model = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=100, blank=True)
    words = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now, editable=False)
    read = models.DateTimeField(null=True)
    # Whether it is listed in the product. If not, it is only mailed.
    shown = models.BooleanField(default=True)
    # When it is mailed if still unread; null if it was mailed, or never will be.
    due = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Also counts a member's unread ones, at most MOST (keeping.py), by the index alone.
            models.Index(fields=["to", "id"], include=["read", "shown"], name="notice_of_member"),
            models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="notice_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}"

    @property
    def sentence(self) -> str:
        """In the current language, as plain text."""
        return sentences.text(self)

    @property
    def html(self) -> SafeString:
        return sentences.html(self)


class Preference(Checked):
    """A member's choice for a kind, if it differs from the kind's default."""

    checked = ("kind", "shown", "mail")

    class Mail(models.TextChoices):
        SOON = "soon", _("Soon")
        DAILY = "daily", _("Once a day")
        NEVER = "never", _("Never")

    pk = models.CompositePrimaryKey("member", "kind")
    # The primary key starts with the member, so this field needs no index.
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
