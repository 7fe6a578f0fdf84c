"""The audit log: who did what in an organisation. The organisation's database role cannot change it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Allowance, Capability, Link, Slot


class AuditConfig(Capability):
    name = "profiles.audit"
    tenant_urls = "profiles.audit.urls"
    not_for_support = ("export_audit_log",)
    api = "profiles.audit.api"
    middleware = ("profiles.audit.origin.OriginMiddleware",)
    rights = {"read_audit_log": "profiles.audit.rights.reads_audit_log"}
    settings_pages = (
        Link(
            url_name="audit_log",
            group="data",
            label=_("Activity log"),
            icon="list",
            may="read_audit_log",
            order=80,
        ),
    )
    slots = {
        "person": (Slot(template="profiles/audit_of_person.html", context="profiles.audit.person.context", order=90),)
    }
    allowances = {
        "audit_days": Allowance(label=_("Activity log is kept"), unit="days", otherwise="AUDIT_KEPT_DAYS", order=90)
    }
    account_pages = (Link(url_name="my_sign_ins", group="security", label=_("Sign-ins"), icon="clock", order=55),)

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {
            "AUDIT_KEPT_DAYS": env.int("AUDIT_KEPT_DAYS", 365),
            # The dotted name of a function of the organisation that returns another number of days, or None.
            "AUDIT_KEPT_DAYS_OF": env.str("AUDIT_KEPT_DAYS_OF", ""),
            # Is a change without a label an error, as in tests? Otherwise its name is shown.
            "AUDIT_NEEDS_LABELS": False,
        }
