"""Directory: how an organisation is provisioned. Account: what its directory calls a member."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.role_lines import GIVEN, check_given
from profiles.roles import Role
from shared.checked import Checked


class Directory(Checked):
    """One row, or none where provisioning is off. The service is the member who acts for it, and has its tokens."""

    checked = ("role", "roles", "sends_mail")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    service = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    role = models.CharField(_("role of new members"), max_length=10, choices=Role.choices, default=Role.READER)
    roles = models.TextField(_("roles by group"), max_length=2000, blank=True)
    sends_mail = models.BooleanField(_("mail new members how to choose a password"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="scim_one_directory"),
            models.CheckConstraint(condition=Q(role__in=GIVEN), name="scim_role"),
        ]

    def __str__(self) -> str:
        return "directory"

    def check_values(self, only: Iterable[str] | None = None) -> None:
        """Also the lines of roles, and that none of them makes owners."""
        super().check_values(only)
        check_given(self.role, self.roles)

    @classmethod
    def current(cls) -> "Directory | None":
        return cls.objects.select_related("service").filter(pk=1).first()


class Account(models.Model):
    """A member that the directory has made or linked. Short columns, so that PostgreSQL needs no TOAST table."""

    member = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="directory_account")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("user_name"), name="scim_user_name"),
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="scim_external_id"),
        ]

    def __str__(self) -> str:
        return self.user_name
