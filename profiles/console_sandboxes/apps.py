"""Operators make a sandbox of an organisation, compare the two, take over what they choose, and remove it."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability


class ConsoleSandboxesConfig(Capability):
    name = "profiles.console_sandboxes"
    requires = ("profiles.operators", "profiles.backups")
    operator_urls = "profiles.console_sandboxes.urls"
    operator_actions = ("profiles.console_sandboxes.actions.SANDBOX",)
    audit_kinds = {
        "console.make_sandbox": _("Sandbox asked for"),
        "console.sandbox_rows": _("Rows of the sandbox looked at"),
        "console.take_rows": _("Single rows and files taken over from the sandbox"),
        "console.take_sandbox_over": _("Organisation replaced by its sandbox"),
        "console.discard_sandbox": _("Sandbox removed"),
        "organisation.sandbox_rows_seen": _("Operators looked at rows of the sandbox"),
    }
