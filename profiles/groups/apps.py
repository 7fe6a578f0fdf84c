"""Groups of members."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class GroupsConfig(Capability):
    name = "profiles.groups"
    tenant_urls = "profiles.groups.urls"
    navigation = (Link(url_name="groups", label=_("Groups"), order=30),)
    rights = {"manage_groups": "profiles.groups.rights.manages_groups"}
    slots = {"person": (Slot(template="profiles/groups_of_person.html", context="profiles.groups.person.context"),)}
    people_filters = ("profiles.groups.lists.FILTER",)
    people_columns = "profiles.groups.lists.columns"
    invitation_columns = ("profiles.groups.invited.COLUMN",)
    bulk_actions = ("profiles.groups.bulk.ADD", "profiles.groups.bulk.TAKE_OUT")
    api = "profiles.groups.api"
    demo = "profiles.groups.demo.make"
    exports = {"groups.Membership.user": "mine"}
    row_names = {"groups.Group": _("Groups"), "groups.Membership": _("Members of groups")}
    row_words = {"groups.Membership": ("group", "user")}
    audit_kinds = {
        "group.made": _("Group made"),
        "group.changed": _("Group changed"),
        "group.deleted": _("Group deleted"),
        "group.member_added": _("Added to a group"),
        "group.member_removed": _("Removed from a group"),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {"GUARDIAN_GROUP_OBJ_PERMS_MODEL": "groups.NoGenericPermission"}
