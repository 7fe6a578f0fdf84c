"""Assistants: a server of the Model Context Protocol at /mcp/ of each organisation, by the API's tokens and rules."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import AuditField, Capability, Link


class AssistantsConfig(Capability):
    name = "profiles.assistants"
    label = "assistants"
    requires = ("profiles.api",)
    tenant_urls = "profiles.assistants.urls"
    serving = "profiles.assistants.answers"  # gunicorn imports it once, for all its workers
    not_for_support = ("assistants",)  # the first step there is a token
    audit_fields = {"tool": AuditField(label=_("Tool"), say="profiles.assistants.tools.title_of")}
    audit_kinds = {"assistant.called": _("Tool used by an assistant")}
    account_pages = (Link(url_name="assistants", group="integrations", label=_("Assistants"), icon="spark", order=75),)

    def ready(self) -> None:
        """Requests to /mcp/ come with a token, as those to the API do."""
        super().ready()
        from profiles.api.places import PLACES, Place
        from profiles.api.problems import PROBLEM
        from profiles.api.scopes import WRITE, resource

        PLACES["/mcp/"] = Place(types=(PROBLEM, "application/json"))
        resource("assistants", _("Assistants"), WRITE, is_apart=True)
