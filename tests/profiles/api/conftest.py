"""Programs with tokens, on acme's host."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from profiles.api.changes import Wishes, issue
from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant


class Program(SiteClient):
    """A program that sends JSON and a token."""

    def __init__(self, tenant: Tenant, text: str) -> None:
        super().__init__(tenant, enforce_csrf_checks=True, HTTP_AUTHORIZATION=f"Bearer {text}")
        self.text = text

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """An answer below /api/v1/, with what it says as `.told`."""
        data, kind = ("", "") if body is None else (json.dumps(body), "application/json")
        response: Any = self.generic(method, f"/api/v1{path}", data, content_type=kind, headers=headers)
        response.told = json.loads(response.content) if response.content else None
        return response


@pytest.fixture
def token_of(acme: Tenant) -> Callable[..., str]:
    """The text of a new token of this member of acme."""

    def make(member: User, *scopes: str, **wishes: Any) -> str:
        with within(acme):
            return issue(member=member, wishes=Wishes("Script", list(scopes or ["write"]), **wishes))[1]

    return make


@pytest.fixture
def program(acme: Tenant, token_of: Callable[..., str]) -> Callable[..., Program]:
    """A program with a token of this member of acme, for everything or these scopes."""
    return lambda member, *scopes, **wishes: Program(acme, token_of(member, *scopes, **wishes))
