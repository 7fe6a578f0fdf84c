"""Link: what a directory calls a group."""

from django.db import models

from profiles.groups.models import Group


class Link(models.Model):
    group = models.OneToOneField(Group, models.CASCADE, primary_key=True, related_name="directory_link")
    external_id = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["external_id"], name="scim_group_external_id")]

    def __str__(self) -> str:
        return self.external_id
