"""Domains of an organisation's email addresses, as customer.com, proved by DNS: people with such an address join."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind, Slot

HOUR = 3600


class MailDomainsConfig(Capability):
    name = "profiles.mail_domains"
    label = "mail_domains"
    lives_in = "public"  # which domain belongs to which organisation: about no person
    requires = ("profiles.joining",)
    tenant_urls = "profiles.mail_domains.urls"
    # A name server that does not answer keeps no other job waiting.
    lanes = {"mail_domains": {"queues": ["mail_domains"], "concurrency": 2, "late_seconds": HOUR}}
    settings_pages = (
        Link(
            url_name="mail_domains",
            group="people",
            label=_("Email domains"),
            icon="mail",
            may="manage_mail_domains",
            order=42,
        ),
    )
    slots = {
        "join": (
            Slot(template="profiles/join_by_domain_card.html", context="profiles.mail_domains.card.join", order=40),
        )
    }
    join_rules = ("profiles.mail_domains.joining.role_at_once",)
    owns_address = "profiles.mail_domains.proved.is_of_proved_domain"
    rights = {"manage_mail_domains": "profiles.mail_domains.rights.manages_mail_domains"}
    audit_kinds = {
        "mail_domain.added": _("Email domain added"),
        "mail_domain.removed": _("Email domain removed"),
        "mail_domain.proved": _("Email domain proved"),
        "mail_domain.failing": _("Email domain fails its check"),
        "mail_domain.lapsed": _("Email domain lapsed: its proof was gone for too long"),
        "mail_domain.changed": _("Joining by an email domain changed"),
        "mail_domain.used": _("Invitation sent to an address of an email domain"),
    }
    notice_kinds = {
        "mail_domain.proved": NoticeKind(
            sentence=_("%(domain)s is proved. Choose how people with such an address join"),
            url_name="mail_domains",
            mail="soon",
        ),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured for a number that makes no sense."""
        kept = env.int("MAIL_DOMAIN_KEPT_DAYS", 30)
        if kept < 8:
            raise ImproperlyConfigured(
                f"MAIL_DOMAIN_KEPT_DAYS is {kept}. It has to be 8 at least: the checks are weekly."
            )
        return {
            "MAIL_DOMAINS_MOST": env.int("MAIL_DOMAINS_MOST", 20),
            "MAIL_DOMAIN_KEPT_DAYS": kept,
            # Domains that no organisation may add, nor one below them; public mail providers and ours are some anyway.
            "MAIL_DOMAINS_REFUSED": env.list("MAIL_DOMAINS_REFUSED", []),
            # Name servers, as 192.0.2.53 or 192.0.2.53:5353; without any, those of the machine.
            "MAIL_DOMAIN_NAMESERVERS": env.list("MAIL_DOMAIN_NAMESERVERS", []),
        }
