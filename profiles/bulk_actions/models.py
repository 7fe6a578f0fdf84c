"""Run: an action on many rows, the remaining rows, and the outcome."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from profiles.models import User
from shared.checked import Checked


class Run(Checked):
    """Used by the page of results, and deleted after a few days. The audit log has who did what."""

    checked = ("list_name", "action")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # No query filters by it, and there are few runs.
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    list_name = models.CharField(max_length=20)
    action = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    total = models.PositiveIntegerField()
    waiting = ArrayField(models.BigIntegerField())
    done = ArrayField(models.BigIntegerField(), default=list)
    refused: Any = models.JSONField(default=dict)  # primary keys by reason
    former: Any = models.JSONField(default=dict)  # a row's earlier value, by its primary key
    created = models.DateTimeField(default=timezone.now)
    undone = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} of {self.total}"

    @property
    def is_over(self) -> bool:
        return not self.waiting

    @property
    def number_seen(self) -> int:
        return self.total - len(self.waiting)
