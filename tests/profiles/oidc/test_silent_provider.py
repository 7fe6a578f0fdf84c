"""A provider that does not answer holds up neither the organisation's other requests nor its neighbours."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError

from profiles.oidc.calls import Caller
from shared.outgoing.addresses import Rules
from tenants.models import Tenant
from tenants.serving.turns import Turns
from tenants.serving.working import working
from tests.tenants.crowd import until


def call(tenant: Tenant, port: int) -> None:
    with working(tenant):
        Caller(Rules(http=True, ports=[port], networks=["127.0.0.0/8"]), seconds=1).get(f"http://127.0.0.1:{port}/")


def test_a_request_that_waits_for_the_provider_gives_up_its_place(committed, monkeypatch):
    turns = Turns(places=1, most=1, longest=1)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: turns)
    acme, globex = Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug")
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as pool:
        port = silent.getsockname()[1]
        calling = pool.submit(call, acme, port)
        until(lambda: turns._paused[acme.schema_name] == 1)
        with working(globex):
            assert not calling.done()
        with pytest.raises(ValidationError, match="does not answer"):
            calling.result(10)
