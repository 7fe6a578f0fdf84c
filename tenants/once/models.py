"""Done: the answer to a form that took effect, in `public`."""

from django.db import models


class Done(models.Model):
    """The address to which a form redirected. It stores no names: the key is a keyed hash of the form's values.

    The table is in `public` because the sign-up form is. It is unlogged: after a crash of PostgreSQL, a repeated form
    counts as new.
    """

    key = models.BinaryField(primary_key=True)
    answer = models.TextField()
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "tenants"

    def __str__(self) -> str:
        return f"answer of {self.created}"
