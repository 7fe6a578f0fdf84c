"""An organisation at its own domain, as people.customer.com, proved by DNS and served with a certificate of its own."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Allowance, Capability, Link, NoticeKind

HOUR = 3600


class OwnDomainsConfig(Capability):
    name = "profiles.own_domains"
    label = "own_domains"
    lives_in = "public"  # which host belongs to which organisation: about no person
    tenant_urls = "profiles.own_domains.urls"
    # Support looks, and checks again. Where the members sign in, an owner decides.
    not_for_support = ("add_own_domain", "canonical_address", "remove_own_domain")
    public_urls = "profiles.own_domains.public_urls"
    outer_middleware = ("profiles.own_domains.middleware.CertificateMiddleware",)
    # A name server that does not answer keeps no other job waiting.
    lanes = {"domains": {"queues": ["domains"], "concurrency": 4, "late_seconds": HOUR}}
    settings_pages = (
        Link(
            url_name="own_domains",
            group="organisation",
            label=_("Domains"),
            icon="language",
            may="manage_domains",
            order=25,
        ),
    )
    rights = {"manage_domains": "profiles.own_domains.rights.manages_domains"}
    allowances = {"domains": Allowance(label=_("Own domains"), used="profiles.own_domains.changes.number", order=20)}
    audit_kinds = {
        "own_domain.added": _("Domain added"),
        "own_domain.removed": _("Domain removed"),
        "own_domain.proved": _("Domain proved"),
        "own_domain.live": _("Domain works"),
        "own_domain.failing": _("Domain fails its check"),
        "own_domain.released": _("Domain released: its proof was gone for too long"),
        "own_domain.canonical": _("Main address changed"),
    }
    notice_kinds = {
        "own_domain.live": NoticeKind(
            sentence=_("%(host)s leads to your organisation now"), url_name="own_domains", mail="soon"
        ),
        "own_domain.failing": NoticeKind(
            sentence=_("%(host)s failed its check. See what is wrong"), url_name="own_domains", mail="never"
        ),
    }

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured for a secret that can be guessed, and for a number that makes no sense."""
        secret, kept = env.str("TLS_SECRET", ""), env.int("OWN_DOMAIN_KEPT_DAYS", 30)
        if secret and len(secret) < 20:
            raise ImproperlyConfigured("TLS_SECRET is shorter than 20 characters. Set it to a random string.")
        if kept < 1:
            raise ImproperlyConfigured(f"OWN_DOMAIN_KEPT_DAYS is {kept}. It has to be 1 at least.")
        return {
            # Hosts follow the directory: TenantMiddleware answers 404 for a host that no organisation has.
            "ALLOWED_HOSTS": env.list("ALLOWED_HOSTS", ["*"]),
            "OWN_DOMAINS_MOST": env.int("OWN_DOMAINS_MOST", 5),
            # What a CNAME record has to name; without one, the base domain. And the addresses that A and AAAA records
            # may have besides those of that host.
            "OWN_DOMAIN_TARGET": env.str("OWN_DOMAIN_TARGET", ""),
            "OWN_DOMAIN_ADDRESSES": env.list("OWN_DOMAIN_ADDRESSES", []),
            # Name servers, as 192.0.2.53 or 192.0.2.53:5353; without any, those of the machine.
            "OWN_DOMAIN_NAMESERVERS": env.list("OWN_DOMAIN_NAMESERVERS", []),
            # Domains that no organisation may add, nor a host below them. The base domain is always one.
            "OWN_DOMAINS_REFUSED": env.list("OWN_DOMAINS_REFUSED", []),
            "OWN_DOMAIN_KEPT_DAYS": kept,
            "TLS_SECRET": secret,
            "TLS_ASKS_PER_SECOND": env.int("TLS_ASKS_PER_SECOND", 100),
        }
