"""Members sign in with the OpenID Connect provider of their organisation, which an owner sets up."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class OwnSignInConfig(Capability):
    name = "profiles.own_sign_in"
    requires = ("profiles.two_factor",)
    tenant_urls = "profiles.own_sign_in.urls"
    # The job waits for providers, of which some do not answer.
    lanes = {"own_sign_in": {"queues": ["own_sign_in"], "concurrency": 2, "late_seconds": 6 * 3600}}
    # Each try calls the provider, or an address that an owner has entered.
    limits = {"own_sign_in": {"address": (30, 60)}}
    settings_pages = (
        Link(
            url_name="own_sign_in",
            group="sign-in",
            label=_("Single sign-on"),
            icon="key",
            may="set_up_own_sign_in",
            order=32,
        ),
    )
    slots = {
        "sign_in_first": (
            Slot(template="profiles/own_sign_in_button.html", context="profiles.own_sign_in.rules.first"),
        ),
        "sign_in": (
            Slot(template="profiles/own_sign_in_button.html", context="profiles.own_sign_in.rules.offer", order=5),
        ),
        "sign_in_instead": (
            Slot(template="profiles/own_sign_in_instead.html", context="profiles.own_sign_in.rules.instead"),
        ),
    }
    sign_in_checks = ("profiles.own_sign_in.rules.refusal",)
    rights = {"set_up_own_sign_in": "profiles.own_sign_in.rules.sets_up"}
    audit_kinds = {
        "own_sign_in.changed": _("Single sign-on changed"),
        "own_sign_in.tested": _("Single sign-on tested"),
        "own_sign_in.switched": _("Single sign-on switched on or off"),
        "own_sign_in.removed": _("Single sign-on removed"),
        "own_sign_in.connected": _("Member connected to single sign-on"),
        "own_sign_in.used": _("Single sign-on used for signing in"),
    }
    not_for_support = ("own_sign_in", "*_own_sign_in", "own_sign_in_callback")
    reencrypt = "profiles.own_sign_in.reencryption.reencrypt_all"
    exports = {
        "own_sign_in.Provider.secret": "secret",
        "own_sign_in.Identity.member": "mine",
    }
    row_names = {
        "own_sign_in.Identity": _("Accounts at the identity provider"),
        "own_sign_in.Provider": _("Identity provider"),
    }
    row_words = {"own_sign_in.Identity": ("member",)}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        http = env.bool("OWN_SIGN_IN_HTTP", False)
        if http and env.str("ENVIRONMENT", "development") == "production":
            raise ImproperlyConfigured(
                "OWN_SIGN_IN_HTTP is on in production. Unset it: secrets would be sent in clear."
            )
        return {
            "OWN_SIGN_IN_HTTP": http,
            "OWN_SIGN_IN_PORTS": env.list("OWN_SIGN_IN_PORTS", [443], subcast=int),
            # Networks that are not public, in which providers may be all the same, as 10.1.2.0/24.
            "OWN_SIGN_IN_NETWORKS": env.list("OWN_SIGN_IN_NETWORKS", []),
            "OWN_SIGN_IN_TIMEOUT": 5,
        }

    def ready(self) -> None:
        super().ready()
        from profiles.own_sign_in import connecting

        connecting.listen()
