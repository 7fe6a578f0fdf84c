"""Fields of the organisation's own by the API."""

import pytest

from profiles.models import User
from profiles.testing import needs
from tenants.context import within

pytestmark = needs("profiles.custom_fields")


@pytest.fixture
def fields(acme, owner):
    from profiles.custom_fields import changes
    from profiles.custom_fields.models import Field

    with within(acme):
        for label, more in (
            ("Team", {}),
            ("Boss", {"kind": "person"}),
            ("Size", {"seen_by": "self", "kind": "number"}),
            ("Grade", {"edited_by": "managers", "seen_by": "managers", "kind": "number"}),
        ):
            changes.define(actor=owner, field=Field(label=label, **more))


def test_member_fills_fields_in_and_others_read_what_they_may(acme, fields, program, reader, editor, admin):
    own, others, boss = program(reader), program(editor), program(admin)
    path = "/people/reader/fields"
    answer = own.call("PATCH", path, {"values": {"team": "Blue", "boss": "editor", "size": 44}})
    assert (answer.status_code, answer.told["values"]) == (200, {"team": "Blue", "boss": "editor", "size": 44})
    assert boss.call("PATCH", path, {"values": {"grade": 7}}).told["values"] == {
        "team": "Blue",
        "boss": "editor",
        "grade": 7,
    }
    assert others.call("GET", path).told["values"] == {"team": "Blue", "boss": "editor"}
    assert [each["name"] for each in others.call("GET", "/fields").told["items"]] == ["team", "boss", "size"]
    with within(acme):
        User.objects.filter(pk=editor.pk).update(is_active=False)
    assert own.call("GET", path).told["values"]["boss"] is None
    assert own.call("PATCH", path, {"values": {"team": None}}).told["values"].keys() == {"boss", "size", "grade"}


@pytest.mark.parametrize(
    ("values", "status", "pointer"),
    [
        ({"size": "many"}, 422, "#/size"),
        ({"shoes": 44}, 422, "#/shoes"),
        ({"boss": "nobody"}, 422, "#/boss"),
        ({"boss": ["editor"]}, 422, "#/boss"),
        ({"boss": 3}, 422, "#/boss"),
        ({"team": 7}, 422, "#/team"),
        ({"team": "a\0b"}, 422, "#/team"),
        ({"grade": 9}, 403, None),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is(fields, program, reader, values, status, pointer):
    own = program(reader)
    answer = own.call("PATCH", "/people/reader/fields", {"values": {"team": "Blue"} | values})
    assert answer.status_code == status
    assert pointer is None or pointer in {each.get("pointer") for each in answer.told["errors"]}
    assert own.call("GET", "/people/reader/fields").told["values"] == {}
