"""Webhooks: what is done in an organisation is sent to the addresses that its owners and admins give."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link

MINUTE, HOUR = 60, 3600


class WebhooksConfig(Capability):
    name = "profiles.webhooks"
    label = "webhooks"
    requires = ("profiles.api",)
    tenant_urls = "profiles.webhooks.urls"
    not_for_support = ("webhooks", "*_webhook", "webhook", "webhook_*", "redeliver_webhook_message")
    api = "profiles.webhooks.api"
    # One queue for first tries at endpoints that respond, one for everything else (docs/webhooks.md).
    lanes = {
        "webhooks": {"queues": ["webhooks"], "concurrency": 6, "late_seconds": 5 * MINUTE},
        "webhooks_later": {"queues": ["webhooks_later"], "concurrency": 6, "late_seconds": HOUR},
    }
    audit_kinds = {
        "webhook.made": _("Webhook created"),
        "webhook.changed": _("Webhook changed"),
        "webhook.removed": _("Webhook removed"),
        "webhook.rotated": _("Secret of a webhook renewed"),
        "webhook.tested": _("Test sent to a webhook"),
        "webhook.redelivered": _("Webhook message sent again"),
        "webhook.switched_off": _("Webhook switched off after 3 days of errors"),
    }
    rights = {"manage_webhooks": "profiles.webhooks.rights.manages_webhooks"}
    after_import = "profiles.webhooks.importing.switch_off"
    reencrypt = "profiles.webhooks.signing.reencrypt_all"
    exports = {"webhooks.Endpoint.secret": "secret", "webhooks.Endpoint.former_secret": "secret"}
    row_names = {"webhooks.Endpoint": _("Webhooks"), "webhooks.Delivery": _("Deliveries of webhooks")}
    row_words = {"webhooks.Delivery": ("endpoint", "event", "occurred")}
    settings_pages = (
        Link(
            url_name="webhooks",
            group="integrations",
            label=_("Webhooks"),
            icon="send",
            may="manage_webhooks",
            order=65,
        ),
    )

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        http = env.bool("WEBHOOK_HTTP", False)
        if http and env.str("ENVIRONMENT", "development") == "production":
            raise ImproperlyConfigured("WEBHOOK_HTTP is on in production. Unset it: messages would not be encrypted.")
        return {
            "WEBHOOK_HTTP": http,
            "WEBHOOK_PORTS": env.list("WEBHOOK_PORTS", [443], subcast=int),
            # Private networks that messages may be sent to, such as 10.1.2.0/24.
            "WEBHOOK_NETWORKS": env.list("WEBHOOK_NETWORKS", []),
            # Name servers, such as 192.0.2.53 or 192.0.2.53:5353. Empty: those of the machine.
            "WEBHOOK_NAMESERVERS": env.list("WEBHOOK_NAMESERVERS", []),
            "WEBHOOK_TIMEOUT": 7,
            "WEBHOOKS_MOST": 10,
            "WEBHOOK_KEPT_DAYS": 30,
        }
