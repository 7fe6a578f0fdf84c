"""The profiles app."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from profiles import receivers  # noqa: F401  connects them
        from profiles.demo import checks  # noqa: F401  registers them
        from profiles.mail import unsent  # noqa: F401  has nightly work
        from profiles.pictures import sweep  # noqa: F401  has nightly work
        from profiles.sign_in import limits, password_reset, verification  # noqa: F401  have jobs

        limits.connect()
