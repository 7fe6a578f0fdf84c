"""scim2-tester plays everything that the service promises, against the running product."""

import httpx2
import pytest

from tests.profiles.scim.conftest import connect
from tests.served import served


@pytest.fixture
def client(new_tenant):
    # At the top it would take half a second of each process that collects.
    from scim2_client.engines.httpx2 import SyncSCIMClient

    tenant = new_tenant("provisioned")
    text = connect(tenant)
    host = tenant.url("").removeprefix("http://")
    with served() as port:
        headers = {"Authorization": f"Bearer {text}", "Host": host}
        base = f"http://127.0.0.1:{port}/scim/v2"
        with httpx2.Client(base_url=base, headers=headers, timeout=20) as http:
            yield SyncSCIMClient(http)


def is_intended(result) -> bool:
    """Resources of all types are not searched at once. And a member's only address is the primary one, even if the
    tester has tossed that it is not.
    """
    reason = result.reason or ""
    return result.title == "search_with_attributes" or ("'emails'" in reason and "primary=False" in reason)


@pytest.mark.slow  # 200 requests
def test_tester_finds_no_fault(client):
    from scim2_tester import Status, check_server

    results = check_server(client)
    wrong = [each for each in results if each.status in (Status.ERROR, Status.CRITICAL) and not is_intended(each)]
    assert wrong == [], "\n".join(f"{each.title}: {each.reason}" for each in wrong)
    assert len([each for each in results if each.status == Status.SUCCESS]) > 20
