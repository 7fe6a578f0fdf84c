"""The profiles app."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from profiles import checks, limits, receivers  # noqa: F401  registers the checks, connects the receivers

        limits.connect()
