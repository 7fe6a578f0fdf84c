"""Sets OpenTelemetry's SDK up: https://opentelemetry.io/docs/languages/sdk-configuration/ has its variables."""

import os

from django.conf import settings
from django.db.backends.signals import connection_created
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from tenants.telemetry.spans import trace_statements


def start() -> None:
    """Send spans from now on, in batches, from a thread that each forked process starts anew."""
    os.environ.setdefault("OTEL_SERVICE_NAME", settings.DATABASE_ROLE_PREFIX)
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    connection_created.connect(trace_statements, dispatch_uid="tenants.telemetry")
