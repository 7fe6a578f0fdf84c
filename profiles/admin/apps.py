"""Django's admin on an organisation's host."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link


class AdminConfig(Capability):
    name = "profiles.admin"
    label = "organisation_admin"  # "admin" is Django's own
    libraries = ("django.contrib.admin",)
    authentication_backends = ("profiles.admin.backends.RoleBackend",)
    tenant_urls = "profiles.admin.urls"
    not_for_support = ("admin:*",)
    account_pages = (
        Link(url_name="admin:index", label=_("Admin"), icon="settings", menu=True, may="open_admin", order=90),
    )
    audit_kinds = {"member.added": _("Member added in the admin")}
    rights = {"open_admin": "profiles.admin.rights.opens_admin"}
    exports = {"admin.LogEntry.user": "mine"}
    row_names = {"admin.LogEntry": _("Changes on the admin site")}
    row_words = {"admin.LogEntry": ("user", "object_repr", "action_time")}

    def ready(self) -> None:
        super().ready()
        from profiles.admin import endings  # noqa: F401  has nightly work
