"""Directories with tokens, on an organisation's host."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from profiles.api.changes import Wishes
from profiles.models import User
from profiles.scim.changes import issue, switch_on
from profiles.scim.models import Directory
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def connect(tenant: Tenant, name: str = "Entra ID", **values: Any) -> str:
    """Switch provisioning on in an organisation; the text of a token."""
    with within(tenant):
        owner = User.objects.filter(role="owner", is_active=True).earliest("pk")
        switch_on(actor=owner, directory=Directory(**values))
        return issue(actor=owner, wishes=Wishes(name, []))[1]


class Provisioner(SiteClient):
    """A directory that sends JSON and a token."""

    def __init__(self, tenant: Tenant, text: str) -> None:
        super().__init__(tenant, enforce_csrf_checks=True, HTTP_AUTHORIZATION=f"Bearer {text}")
        self.text = text

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """An answer below /scim/v2/, with what it says as `.told`."""
        data = body if isinstance(body, (str, bytes)) else "" if body is None else json.dumps(body)
        kind = "application/scim+json" if body is not None else ""
        response: Any = self.generic(method, f"/scim/v2/{path}", data, content_type=kind, headers=headers)
        response.told = json.loads(response.content) if response.content else None
        return response

    def add(self, name: str, **more: Any) -> Any:
        """A new user, as both directories send one."""
        given, _, family = name.partition(" ")
        email = f"{given.lower()}@acme.example"
        emails = [{"primary": True, "type": "work", "value": email}]
        about = {"name": {"givenName": given, "familyName": family}, "emails": emails, "active": True}
        return self.call("POST", "Users", {"schemas": [USER], "userName": email} | about | more)

    def change(self, path: str, *operations: dict[str, Any]) -> Any:
        return self.call("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def found(self, filter: str, kind: str = "Users") -> list[str]:  # noqa: A002  SCIM's word
        response = self.get(f"/scim/v2/{kind}", {"filter": filter})
        assert response.status_code == 200, response.content
        return [each["id"] for each in json.loads(response.content).get("Resources", [])]


@pytest.fixture
def directory(acme: Tenant) -> Callable[..., Provisioner]:
    """Acme's directory, with these settings."""
    return lambda **values: Provisioner(acme, connect(acme, **values))
