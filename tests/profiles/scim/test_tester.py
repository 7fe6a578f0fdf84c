"""scim2-tester plays everything that the service promises, against the running product."""

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from tests.profiles.scim.conftest import connect
from tests.served import served


@pytest.fixture
def client(new_tenant):
    tenant = new_tenant("provisioned")
    text = connect(tenant)
    host = tenant.url("").removeprefix("http://")
    with served() as port:
        headers = {"Authorization": f"Bearer {text}", "Host": host}
        base = f"http://127.0.0.1:{port}/scim/v2"
        with httpx2.Client(base_url=base, headers=headers, timeout=20) as http:
            yield SyncSCIMClient(http)


@pytest.mark.slow  # 200 requests
def test_tester_finds_no_fault(client):
    results = check_server(client)
    # Searching resources of all types at once is not supported.
    checked = [each for each in results if each.title != "search_with_attributes"]
    wrong = [f"{each.title}: {each.reason}" for each in checked if each.status in (Status.ERROR, Status.CRITICAL)]
    assert wrong == [], "\n".join(wrong)
    assert len([each for each in results if each.status == Status.SUCCESS]) > 20
