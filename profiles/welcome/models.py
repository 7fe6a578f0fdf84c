"""Welcome: the text on an organisation's home page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.models.user import User
from shared.checked import Checked
from shared.prepared import Prepared


class Welcome(Checked):
    """One row per organisation, or none until a text is written."""

    checked = ("text",)

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    text = models.TextField(_("welcome text"), blank=True, max_length=10_000)
    updated = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="welcome_only_one")]

    def __str__(self) -> str:
        return self.text[:50]

    @property
    def version(self) -> str:
        """Identifies this state of the text; "" if it is not saved yet."""
        return self.updated.isoformat() if self.updated else ""

    @classmethod
    def load(cls) -> "Welcome":
        """The organisation's text, or an empty one that is not saved yet."""
        return ONLY_ONE.first() or cls(pk=1)


ONLY_ONE = Prepared(lambda: Welcome.objects.select_related("updated_by").filter(pk=1))
