"""Limit: the recent times of a rate-limited action, in `public`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Limit(models.Model):
    """The recent times of one action by one account or address. It stores no names: the key is a keyed hash.

    The table is unlogged: a crash of PostgreSQL empties it, which allows some attempts too many.
    """

    key = models.BinaryField(primary_key=True)
    hits = ArrayField(models.DateTimeField())
    expires = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "tenants"

    def __str__(self) -> str:
        return f"{len(self.hits)} until {self.expires}"
