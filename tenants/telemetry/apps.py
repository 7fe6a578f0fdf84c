"""Traces by OpenTelemetry. Without an address of a collector nothing of it is imported."""

import os
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability

# https://opentelemetry.io/docs/specs/otel/protocol/exporter/
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
IS_ON = any(map(os.environ.get, ENDPOINTS)) and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"
NEEDED = "opentelemetry.exporter.otlp.proto.http"


class TelemetryConfig(Capability):
    name = "tenants.telemetry"
    label = "telemetry"
    lives_in = "public"
    outer_middleware = ("tenants.telemetry.middleware.TraceMiddleware",) if IS_ON else ()
    around_jobs = ("tenants.telemetry.spans.of_job",) if IS_ON else ()

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        if IS_ON and not is_installed():
            raise ImproperlyConfigured(
                f"{' or '.join(ENDPOINTS)} is set, but OpenTelemetry is not installed: pip install .[telemetry]"
            )
        return {}

    def ready(self) -> None:
        super().ready()
        if IS_ON:
            from tenants.telemetry.starting import start

            start()


def is_installed() -> bool:
    try:
        return find_spec(NEEDED) is not None
    except ModuleNotFoundError:
        return False
