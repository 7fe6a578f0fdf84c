"""What OpenTelemetry's collector is sent, at the wire: spans with their organisation, and nothing about a person."""

import subprocess
import sys

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from profiles.models import User
from tenants.context import within
from tests.collector import Collector, collecting
from tests.gunicorn import ROOT
from tests.tenants.failing.running import REQUEST_ID, TOKEN, run


def spans_in(collector: Collector) -> list[Span]:
    batches = map(ExportTraceServiceRequest.FromString, collector.sent_to("/v1/traces"))
    scopes = [scope for batch in batches for resource in batch.resource_spans for scope in resource.scope_spans]
    return [span for scope in scopes for span in scope.spans]


def facts(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}


@pytest.mark.slow
def test_spans_of_requests_jobs_and_statements(new_tenant, tmp_path):
    tenant = new_tenant("traced")
    with within(tenant):
        owner = User.objects.get(role="owner")
    with collecting() as collector:
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        own = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_SERVICE_NAME": "shop", "OTEL_BSP_SCHEDULE_DELAY": "50"}
        run(tenant, tmp_path, **own)
    spans = {span.name: span for span in spans_in(collector)}
    failed = spans["GET invitations/<str:token>/fail/"]
    whose = {"tenant": tenant.schema_name, "request.id": REQUEST_ID}
    assert facts(failed) == {
        **whose,
        "http.request.method": "GET",
        "http.route": "invitations/<str:token>/fail/",
        "http.response.status_code": "500",
        "enduser.id": str(owner.pk),
    }
    assert (failed.kind, failed.status.code) == (Span.SPAN_KIND_SERVER, 2)
    job = spans["tests.failing.fall"]
    assert facts(job) == {**whose, "messaging.system": "procrastinate", "error.type": "LookupError"}
    assert (job.kind, job.status.code, len(job.events)) == (Span.SPAN_KIND_CONSUMER, 2, 0)
    statements = [span for span in spans_in(collector) if span.parent_span_id == failed.span_id]
    assert {"SELECT"} <= {span.name for span in statements}
    assert {facts(span)["db.namespace"] for span in statements} <= {tenant.schema_name, "public"}
    assert any('"profiles_user"."id" = %s' in facts(span)["db.query.text"] for span in statements)
    sent = collector.raw()
    assert [word for word in (owner.email, TOKEN, "@acme.example", "127.0.0.1:", "Cookie") if word in sent] == []
    assert "shop" in sent


@pytest.mark.slow
def test_off_nothing_is_imported():
    program = "import django, sys; django.setup(); import django.test; sys.exit('opentelemetry' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
