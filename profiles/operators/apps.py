"""The console of those who run this installation: the members of one organisation, which is marked for it."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import AuditField, Capability, Link

ACTIONS = "profiles.operators.actions"


class OperatorsConfig(Capability):
    name = "profiles.operators"
    lives_in = "public"  # figures of organisations; what operators do is in the audit logs
    requires = ("profiles.two_factor", "profiles.audit")
    operator_urls = "profiles.operators.urls"
    middleware = ("profiles.operators.second_factor.SecondFactorMiddleware",)
    navigation = (Link(url_name="console", label=_("Console"), may="see_console", order=30),)
    operator_pages = (
        Link(
            url_name="console_organisations",
            label=_("Organisations"),
            icon="organisation",
            may="see_console",
            order=10,
        ),
        Link(url_name="console_jobs", label=_("Jobs"), icon="list", may="see_console", order=30),
        Link(url_name="console_health", label=_("Health"), icon="shield", may="see_console", order=40),
    )
    rights = {
        "see_console": "profiles.operators.rights.sees_console",
        "operate": "profiles.operators.rights.operates",
    }
    operator_actions = (
        f"{ACTIONS}.people.OWNERS",
        f"{ACTIONS}.people.SEND_PASSWORD_LINKS",
        f"{ACTIONS}.people.MAKE_OWNER",
        f"{ACTIONS}.people.SIGN_OUT",
        f"{ACTIONS}.addresses.RENAME",
        f"{ACTIONS}.addresses.RELEASE",
        f"{ACTIONS}.service.SUSPEND",
        f"{ACTIONS}.service.RESUME",
    )
    audit_fields = {"job": AuditField(label=_("Job")), "number": AuditField(label=_("Number"))}
    audit_kinds = {
        "console.owners": _("Owners looked up"),
        "console.password_links": _("Links for a first password sent"),
        "console.make_owner": _("Owner made"),
        "console.sign_out": _("Everyone signed out"),
        "console.rename": _("Organisation renamed"),
        "console.release": _("Former address released"),
        "console.suspend": _("Organisation suspended"),
        "console.resume": _("Organisation resumed"),
        "console.jobs_retried": _("Jobs queued again"),
        "console.jobs_cancelled": _("Jobs cancelled"),
        "organisation.owners_seen": _("Names and addresses of the owners looked up"),
        "organisation.signed_out": _("Everyone signed out"),
        "organisation.password_links": _("Links for a first password sent to owners"),
        "organisation.address_released": _("Former address released"),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        slug = env.str("OPERATORS_SLUG", "staff")
        if not slug:
            raise ImproperlyConfigured("OPERATORS_SLUG is empty. It is the first part of the console's host name.")
        return {"OPERATORS_SLUG": slug}
