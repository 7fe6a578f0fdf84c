"""The API below /api/, its tokens, and the pages where people make tokens."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link


class ApiConfig(Capability):
    name = "profiles.api"
    label = "api"
    tenant_urls = "profiles.api.urls"
    not_for_support = ("api_tokens", "*_api_token", "*_api_tokens", "api_settings", "new_api_service")
    outer_middleware = ("profiles.api.middleware.ProblemMiddleware",)
    middleware = ("profiles.api.middleware.TokenMiddleware",)
    audit_kinds = {
        "token.made": _("API token created"),
        "token.renewed": _("API token renewed"),
        "token.revoked": _("API token revoked"),
        "token.all_revoked": _("All API tokens revoked"),
        "token.policy_changed": _("Rules for API tokens changed"),
    }
    without_seat = "profiles.api.services.services"
    rights = {"manage_tokens": "profiles.api.rights.manages_tokens"}
    exports = {"api.Token.user": "mine", "api.Token.digest": "secret", "api.Answer": "secret"}
    row_names = {"api.Token": _("API tokens"), "api.TokenPolicy": _("Rules for API tokens")}
    row_words = {"api.Token": ("name", "user"), "api.TokenPolicy": ()}
    account_pages = (Link(url_name="api_tokens", group="integrations", label=_("API tokens"), icon="code", order=70),)
    settings_pages = (
        Link(url_name="api_settings", group="integrations", label=_("API"), icon="code", may="manage_tokens", order=60),
    )

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {
            # The prefix of every token, with which scanners find tokens that were published by mistake.
            "API_TOKEN_PREFIX": "tnt_",
            "API_TOKEN_DAYS": 30,  # how long a token is valid, unless its maker chooses otherwise
            # The number of requests per token, and within how many seconds.
            "API_RATE": (env.int("API_REQUESTS_PER_MINUTE", 120), 60),
            # Deprecated parts, by the beginning of their path: since when, until when, and a link to the replacement.
            "API_RETIRING": {},
            "API_ANSWERS_KEPT_HOURS": 24,  # for a request that is sent again with the same Idempotency-Key
        }
