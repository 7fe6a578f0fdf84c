"""Every operation, about things of globex's, with a token of acme's owner: nothing is shown, and nothing is changed."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction

from profiles.api.changes import Wishes, issue
from profiles.api.urls import operations
from profiles.models import Invitation, Profile, User
from profiles.testing.matrix import World
from tenants.context import within
from tests.profiles.api.conftest import Program
from tests.profiles.api.test_operations import body_of

MARK = "globex-only"
NAMES = sorted({str(each.name) for each in operations()})
METHODS = ("GET", "POST", "PATCH", "DELETE")


def rows(tenant) -> dict[str, Any]:
    """All rows of an organisation."""
    models = [each for label in settings.TENANT_APPS for each in models_of(label)]
    with within(tenant):
        return {each._meta.label: list(each._base_manager.order_by("pk").values()) for each in models}


def models_of(label: str) -> list[Any]:
    """The models of an app, by its name in TENANT_APPS."""
    config = next(each for each in apps.get_app_configs() if label in (each.name, config_of(each)))
    return [each for each in config.get_models() if each._meta.managed]


def config_of(app: Any) -> str:
    return f"{type(app).__module__}.{type(app).__name__}"


@pytest.fixture
def there(globex) -> World:
    """Globex, where everyone and what the addresses are about carries a mark."""
    with within(globex):
        User.objects.update(first_name=MARK)
        Profile.objects.update(bio=MARK)
    world = World(globex)
    with within(globex):
        Invitation.objects.update(message=MARK)
        for label, name in (("webhooks.Endpoint", "url"), ("webhooks.Delivery", "event"), ("api.Token", "name")):
            if apps.is_installed(f"profiles.{label.partition('.')[0]}"):
                apps.get_model(label)._base_manager.update(**{name: MARK})
    return world


def test_no_operation_reaches_a_neighbour(acme, globex, there, program, owner):
    used, before, asked = program(owner), rows(globex), 0
    for name in NAMES:
        path = there.path("organisation", f"api-v1:{name}").removeprefix("/api/v1")
        for method in METHODS:
            with transaction.atomic():
                answer = used.call(method, path, body_of(method, name))
                asked += answer.status_code != 405
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                transaction.set_rollback(True)
            assert MARK not in body.decode(errors="replace"), f"{method} {path}"
    assert asked >= len(NAMES)
    assert rows(globex) == before


def test_the_mark_would_be_seen(globex, there):
    """By a token of globex's own."""
    with within(globex):
        text = issue(member=User.objects.get(username="owner"), wishes=Wishes("Own", ["read"]))[1]
    own = Program(globex, text)
    seen = [
        name for name in NAMES if MARK in str(own.call("GET", there.path("organisation", f"api-v1:{name}")[7:]).content)
    ]
    assert {"me", "people", "person", "members", "member"} <= set(seen)
