"""Errors are reported to Sentry. Without SENTRY_DSN nothing of it is imported."""

import os
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability


class SentryConfig(Capability):
    name = "tenants.sentry"
    label = "sentry"
    lives_in = "public"
    around_jobs = ("tenants.sentry.jobs.remembered",) if os.environ.get("SENTRY_DSN") else ()

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        dsn = env.str("SENTRY_DSN", "")
        if dsn and not find_spec("sentry_sdk"):
            raise ImproperlyConfigured("SENTRY_DSN is set, but sentry-sdk is not installed: pip install .[sentry]")
        return {"SENTRY_DSN": dsn}

    def ready(self) -> None:
        super().ready()
        from django.conf import settings

        if settings.SENTRY_DSN:
            from tenants.sentry.reporting import start

            start(settings.SENTRY_DSN)
