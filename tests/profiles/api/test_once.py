"""A POST that is sent again with its Idempotency-Key."""

from profiles.api.changes import Wishes, issue
from profiles.models import Invitation, User
from tenants.context import within
from tests.profiles.api.conftest import Program
from tests.profiles.races import at_once


def test_request_with_a_key_is_done_once(acme, program, admin):
    used, key = program(admin), {"Idempotency-Key": "7f3c"}
    first = used.call("POST", "/invitations", {"email": "new@acme.example"}, **key)
    again = used.call("POST", "/invitations", {"email": "new@acme.example"}, **key)
    assert (first.status_code, first.content, first["Location"]) == (201, again.content, again["Location"])
    assert again["Idempotency-Replayed"] == "true"
    with within(acme):
        assert Invitation.objects.open().count() == 1


def test_key_is_for_one_request_of_one_token(program, admin, owner):
    used, key = program(admin), {"Idempotency-Key": "7f3c"}
    used.call("POST", "/invitations", {"email": "new@acme.example"}, **key)
    other = used.call("POST", "/invitations", {"email": "other@acme.example"}, **key)
    assert (other.status_code, other.told["code"]) == (422, "idempotency_key")
    assert program(owner).call("POST", "/invitations", {"email": "other@acme.example"}, **key).status_code == 201


def test_refusal_is_not_kept(acme, program, admin):
    used, key = program(admin), {"Idempotency-Key": "7f3c"}
    assert used.call("POST", "/members/gone/deactivate", **key).status_code == 409
    with within(acme):
        User.objects.filter(username="gone").update(is_active=True)
    assert used.call("POST", "/members/gone/deactivate", **key).status_code == 200


def test_two_at_once_with_one_key_invite_once(new_tenant, settings):
    """The second waits for the first, and gets its answer."""
    tenant = new_tenant("twice")
    with within(tenant):
        _token, text = issue(member=User.objects.get(), wishes=Wishes("Script", ["write"]))
    answers = []

    def send():
        answers.append(
            Program(tenant, text).call(
                "POST", "/invitations", {"email": "new@x.example"}, **{"Idempotency-Key": "7f3c"}
            )
        )

    assert at_once(tenant, *[send] * 3) == [None] * 3
    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert sorted(each.get("Idempotency-Replayed", "") for each in answers) == ["", "true", "true"]
    with within(tenant):
        assert Invitation.objects.count() == 1
