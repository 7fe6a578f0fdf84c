"""Google, Microsoft, GitHub and any OpenID Connect provider, for the members of all organisations."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind, Slot

# Whose accounts sign in: of all, of companies, private ones, or of one company.
MICROSOFT_TENANT = r"common|organizations|consumers|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class ProvidersConfig(Capability):
    name = "profiles.providers"
    tenant_urls = "profiles.providers.urls"
    public_urls = "profiles.providers.public_urls"
    limits = {"provider_sign_in": {"address": (60, 60)}}
    account_pages = (
        Link(
            url_name="providers",
            group="security",
            label=_("Linked accounts"),
            icon="link",
            may="link_providers",
            order=37,
        ),
    )
    slots = {
        "sign_in": (
            Slot(template="profiles/provider_buttons.html", context="profiles.providers.rules.offer", order=7),
        ),
        "security": (
            Slot(template="profiles/providers_row.html", context="profiles.providers.rules.security", order=7),
        ),
    }
    rights = {"link_providers": "profiles.providers.rules.links_providers"}
    audit_kinds = {
        "provider.linked": _("Account at a provider linked"),
        "provider.unlinked": _("Account at a provider unlinked"),
        "provider.used": _("Account at a provider used for signing in"),
    }
    notice_kinds = {
        "provider.linked": NoticeKind(
            sentence=_("Your %(provider)s account signs you in from now on"), url_name="providers", mail="soon"
        ),
    }
    not_for_support = ("providers", "*_provider", "provider_return")
    exports = {"providers.Identity.member": "mine"}
    row_names = {"providers.Identity": _("Linked accounts")}
    row_words = {"providers.Identity": ("member", "provider", "shown")}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """What is empty is not set up: checks.py says which variable is missing. Raises ImproperlyConfigured."""
        tenant = env.str("MICROSOFT_TENANT", "") or "common"
        if not re.fullmatch(MICROSOFT_TENANT, tenant):
            raise ImproperlyConfigured(
                f"MICROSOFT_TENANT is {tenant!r}. It is common, organizations, consumers or the ID of a directory."
            )
        urls = {
            "google": "https://accounts.google.com",
            "microsoft": f"https://login.microsoftonline.com/{tenant}/v2.0",
            "github": env.str("GITHUB_URL", "") or "https://github.com",
            "oidc": env.str("OIDC_ISSUER", ""),
        }
        for variable, url in (("GITHUB_URL", urls["github"]), ("OIDC_ISSUER", urls["oidc"])):
            if url.startswith("http://") and env.str("ENVIRONMENT", "development") == "production":
                raise ImproperlyConfigured(f"{variable} is not https. Secrets would be sent in clear.")
        found: dict[str, dict[str, str]] = {
            name: {
                "client_id": env.str(f"{name.upper()}_CLIENT_ID", ""),
                "secret": env.str(f"{name.upper()}_CLIENT_SECRET", ""),
                "url": url,
            }
            for name, url in urls.items()
        }
        found["oidc"]["label"] = env.str("OIDC_NAME", "")
        return {"PROVIDERS": found}
