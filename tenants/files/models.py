"""File: what is known of a file in the storage."""

from django.db import models


class File(models.Model):
    """A file that store() has written. Its row is written and deleted in the transaction that names the file, or no
    longer does, so it needs no counter that could go wrong.
    """

    name = models.CharField(max_length=255, primary_key=True)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)  # as text: a column of bytes would have a TOAST table

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(bytes__gte=0), name="file_bytes_not_negative")]

    def __str__(self) -> str:
        return self.name
