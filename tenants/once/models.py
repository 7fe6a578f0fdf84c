"""Done: the answer to a form that has done its work, in `public`."""

from django.db import models


class Done(models.Model):
    """Where a form has led. It names nobody: the key is a keyed hash of what was sent.

    In `public`, as the sign-up form is. Unlogged: after a crash of PostgreSQL, a form sent before counts as new.
    """

    key = models.BinaryField(primary_key=True)
    answer = models.TextField()
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "tenants"

    def __str__(self) -> str:
        return f"answer of {self.created}"
