"""Group, its members, and what a model needs so that groups can have permissions on its objects.

It is not django.contrib.auth's Group, which gives rights on whole models; here, those depend on the role alone. Also,
its names are case-sensitive. The empty table auth_group stays, since auth_permission needs that app.
"""

from typing import Any, Self

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionAbstract, GroupObjectPermissionBase

from profiles.groups.unmatched import Unmatched
from profiles.models import User
from shared.checked import Checked
from shared.names import no_address


class GroupQuerySet(models.QuerySet["Group"]):
    def by_name(self) -> Self:
        """In the order of a unique index."""
        return self.annotate(place=Upper("name")).order_by("place")

    def search(self, text: str) -> Self:
        """The groups whose name or description contains this text."""
        text = text.replace("\0", "").strip()
        return self.filter(Q(name__icontains=text) | Q(description__icontains=text)) if text else self

    def with_sizes(self) -> Self:
        """Adds `size`, the number of active members."""
        active = Membership.objects.filter(group=models.OuterRef("pk"), user__is_active=True)
        number = active.order_by().values("group").annotate(number=models.Count("user")).values("number")
        return self.annotate(size=Coalesce(models.Subquery(number), 0))


class Group(Checked):
    """A named group of members. It gives no rights by itself: apps call in_group(), or ask guardian about an object."""

    checked = ("name", "description")

    # Short, so that PostgreSQL needs no TOAST table, which would be two more files per organisation.
    name = models.CharField(_("name"), max_length=80, validators=[no_address])
    description = models.CharField(
        _("description"), max_length=300, blank=True, default="", validators=[MaxLengthValidator(300)]
    )
    # `groups` on the user, since guardian reads this attribute.
    members = models.ManyToManyField(User, through="Membership", related_name="groups")

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="group_name_unique",
                violation_error_message=_("There is a group with this name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="group_name_not_empty"),
        ]

    def validate_constraints(self, exclude: Any = None) -> None:
        """All constraints are about the name, so its field shows their errors."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            raise ValidationError({"name": [each for errors in error.error_dict.values() for each in errors]}) from None

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.pk])


class Membership(models.Model):
    """A member of a group."""

    pk = models.CompositePrimaryKey("group", "user")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, db_index=False)  # the primary key starts with it
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("membership")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"


class GroupPermission(GroupObjectPermissionBase):
    """guardian's permissions of groups on the objects of one model, by foreign keys (docs/capabilities.md).

    A subclass adds `content_object`, a foreign key to that model.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True


class NoGenericPermission(GroupObjectPermissionAbstract):
    """guardian's model for objects of any kind (GUARDIAN_GROUP_OBJ_PERMS_MODEL). It tells guardian what a group is.

    It has no table, and queries for it are not sent. A model without its own GroupPermission has no permissions of
    groups.
    """

    group = Unmatched(Group, on_delete=models.DO_NOTHING)  # type: ignore[assignment]  # not Django's
    permission = models.ForeignKey(Permission, on_delete=models.DO_NOTHING, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.DO_NOTHING)

    class Meta:
        managed = False
        default_permissions = ()
