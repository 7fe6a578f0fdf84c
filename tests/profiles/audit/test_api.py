"""What programs do by the API is written too, with the name of their token."""

import json

import pytest
from django.apps import apps

from profiles.audit.models import Entry
from profiles.testing import SiteClient, facts, person
from profiles.testing.installed import needs
from profiles.testing.matrix import World, base
from tenants.context import within
from tenants.models import Tenant

OWNER = 5  # its column
# What each operation that changes something answers to an owner's token. One that deletes no photo does nothing.
WRITING = [
    (row.words[0], row.words[1])
    for row in (facts.rows("operations.txt") if apps.is_installed("profiles.api") else [])
    if row.words[0] != "GET" and row.words[OWNER].startswith("2") and row.words[1] != "my_photo"
]


@needs("profiles.api")
@pytest.mark.parametrize(("method", "name"), WRITING)
def test_each_operation_is_written_down(method: str, name: str, world: World, acme: Tenant) -> None:
    from profiles.api.changes import Wishes, issue

    path = world.path("organisation", f"api-v1:{name}")
    with within(acme):
        text = issue(member=person(acme, "owner"), wishes=Wishes("Robot", ["write"]))[1]
        newest = Entry.objects.latest("pk").pk
    bodies = {key: body for pages in facts.pages() for key, body in getattr(pages, "BODIES", {}).items()}
    data = json.dumps(bodies.get((method, base(name)), {}))
    browser = SiteClient(acme, HTTP_AUTHORIZATION=f"Bearer {text}")
    assert browser.generic(method, path, data, content_type="application/json").status_code < 300
    with within(acme):
        entry = Entry.objects.filter(pk__gt=newest).first()
        assert entry is not None, f"Call emit() in what {method} {name} does."
        assert (entry.actor_name, entry.via) == ("Olga Owner", "Robot")


@needs("profiles.api")
def test_there_are_such_operations() -> None:
    assert len(WRITING) > 5
