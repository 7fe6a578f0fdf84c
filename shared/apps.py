"""The shared app: code that every page uses."""

from shared.capabilities.base import Capability


class SharedConfig(Capability):
    name = "shared"
    lives_in = "public"
    public_urls = "shared.urls"
    tenant_urls = "shared.site_urls"

    def ready(self) -> None:
        super().ready()
        from shared import encodings
        from shared.capabilities import checks  # noqa: F401  registers them

        encodings.connect()
