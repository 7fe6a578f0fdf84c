"""Two organisations to try things out in, for development."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability

PASSWORD = "demo-password"  # noqa: S105  public on purpose: production does not start with it


class DemoConfig(Capability):
    name = "profiles.demo"
    before_run = "profiles.demo.making.make_demo"
    announce = "profiles.demo.announcing.announce"
    before_production = "profiles.demo.making.refusal"

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured if production is configured with the demo's password."""
        if env.str("ENVIRONMENT", "development") == "production":
            named = (env.str(name, "") for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL"))
            if any(PASSWORD in value for value in named):
                raise ImproperlyConfigured("The demo password is in the environment. Choose another one.")
        return {"DEMO_PASSWORD": PASSWORD}
