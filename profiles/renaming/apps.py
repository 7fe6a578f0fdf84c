"""A member's own username: changed by the member, with redirects from the former one."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link


class RenamingConfig(Capability):
    name = "profiles.renaming"
    tenant_urls = "profiles.renaming.urls"
    limits = {"change_username": {"account": (5, 3600)}}
    not_for_support = ("change_username",)
    middleware = ("profiles.renaming.middleware.FormerNameMiddleware",)
    account_pages = (Link(url_name="change_username", group="profile", label=_("Username"), icon="person", order=25),)
    audit_kinds = {"username.changed": _("Username changed")}
    exports = {"renaming.FormerName.member": "mine"}
    row_names = {"renaming.FormerName": _("Former usernames")}
    row_words = {"renaming.FormerName": ("member", "name")}
