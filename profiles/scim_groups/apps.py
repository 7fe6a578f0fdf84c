"""Groups by SCIM: a directory makes and fills groups, and gives roles by them."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability


class ScimGroupsConfig(Capability):
    name = "profiles.scim_groups"
    label = "scim_groups"
    row_names = {"scim_groups.Link": _("Groups from the directory")}
    row_words = {"scim_groups.Link": ("group",)}
    requires = ("profiles.scim", "profiles.groups")
    audit_kinds = {"scim.group_linked": _("Group linked to the directory")}

    def ready(self) -> None:
        super().ready()
        from profiles.scim.offered import ENDPOINTS, MEMBERSHIPS

        ENDPOINTS["Groups"] = "profiles.scim_groups.endpoint.Groups"
        MEMBERSHIPS[:] = ["profiles.scim_groups.shown.groups_of"]
