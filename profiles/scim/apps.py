"""SCIM 2.0 at /scim/v2/: an organisation's directory, such as Entra ID or Okta, provisions its members."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link


class ScimConfig(Capability):
    name = "profiles.scim"
    label = "scim"
    requires = ("profiles.api",)
    tenant_urls = "profiles.scim.urls"
    serving = "profiles.scim.protocol"  # gunicorn imports it once, for all its workers
    # A first synchronisation sends several requests per member.
    limits = {"scim": {"token": (1500, 60)}}
    settings_pages = (
        Link(
            url_name="scim_settings",
            group="sign-in",
            label=_("Provisioning"),
            icon="people",
            may="set_up_scim",
            order=34,
        ),
    )
    rights = {"set_up_scim": "profiles.scim.rights.sets_up"}
    audit_models = {"scim": "scim.Directory"}
    audit_kinds = {
        "scim.switched_on": _("Provisioning switched on"),
        "scim.changed": _("Provisioning changed"),
        "scim.removed": _("Provisioning removed"),
        "scim.token_made": _("Token for provisioning created"),
        "scim.token_revoked": _("Token for provisioning revoked"),
        "scim.member_linked": _("Member linked to the directory"),
        "scim.member_changed": _("Member changed by the directory"),
    }
    not_for_support = ("scim_settings", "*_scim", "*_scim_token")
    exports = {"scim.Directory.service": "not mine", "scim.Account.member": "mine"}
    row_names = {"scim.Account": _("Members from the directory"), "scim.Directory": _("Directory")}
    row_words = {"scim.Account": ("member", "user_name"), "scim.Directory": ()}

    def ready(self) -> None:
        super().ready()
        from profiles.scim import place

        place.register()

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {"SCIM_PAGE": 200}  # how many members or groups one response has at most
