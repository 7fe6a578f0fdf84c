"""Batch: a list of people who are invited together."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Func, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from profiles.bulk_invitations.lines import MOST, Line
from profiles.models.user import User
from shared.checked import Checked

LINE_COUNT = Func("lines", function="jsonb_array_length", output_field=models.IntegerField())


class Batch(Checked):
    """First a draft, then sent by a job, some lines at a time. The lines are one value: they are read together."""

    checked = ("message",)

    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    message = models.TextField(
        _("personal message"), blank=True, max_length=1000, validators=[MaxLengthValidator(1000)]
    )
    lines = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    sent = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done=None) | Q(sent__isnull=False), name="batch_done_is_sent"),
            models.CheckConstraint(condition=LessThanOrEqual(LINE_COUNT, MOST), name="batch_not_long"),
        ]

    def __str__(self) -> str:
        return f"{len(self.lines)} people"

    @property
    def people(self) -> list[Line]:
        return [Line(**{"email": "", "role": "", **line}) for line in self.lines]  # Empty values are not stored.

    @people.setter
    def people(self, people: list[Line]) -> None:
        self.lines = [line.stored() for line in people]

    @property
    def per_cent(self) -> int:
        return 100 * sum("code" in line for line in self.lines) // max(1, len(self.lines))
