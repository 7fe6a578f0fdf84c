"""Limit: when something was done lately, in `public`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Limit(models.Model):
    """When somebody did something lately. It names nobody: the key is a keyed hash.

    Unlogged: a crash of PostgreSQL empties it, which costs no more than some attempts too many.
    """

    key = models.BinaryField(primary_key=True)
    hits = ArrayField(models.DateTimeField())
    expires = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "tenants"

    def __str__(self) -> str:
        return f"{len(self.hits)} until {self.expires}"
