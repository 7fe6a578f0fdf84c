"""What Entra ID and Okta send for users, and what becomes of members."""

import pytest
from django.core import mail

from profiles.api.changes import Wishes
from profiles.api.changes import issue as issue_api_token
from profiles.api.models import Token
from profiles.models import Invitation, User
from profiles.scim.models import Account
from profiles.testing import SiteClient
from tenants.context import within

OFF = [
    {"op": "Replace", "path": "active", "value": "False"},
    {"op": "replace", "path": "active", "value": False},
    {"op": "Replace", "value": {"active": "False"}},
    {"op": "replace", "value": {"active": False}},
]


def test_person_is_made_found_changed_and_removed(directory, acme, run_jobs):
    """As Entra ID does: it looks for the person, makes them, changes them in its odd forms, and deletes them."""
    entra = directory(role="editor", sends_mail=True)
    assert entra.found('userName eq "nora@acme.example"') == []
    made = entra.add("Nora New", externalId="e-1", title="Engineer", groups=[], meta={"resourceType": "User"})
    assert (made.status_code, made["Content-Type"]) == (201, "application/scim+json")
    path, pk = f"Users/{made.told['id']}", made.told["id"]
    assert made["Location"] == acme.url(f"/scim/v2/{path}") == made.told["meta"]["location"]
    for text in (
        'userName eq "NORA@acme.example"',
        'externalId eq "e-1"',
        f'id eq "{pk}"',
        'emails[type eq "work"].value eq "nora@acme.example"',
        'emails.value eq "nora@acme.example" and active eq true',
        'userName eq "another" or externalId eq "e-1"',
    ):
        assert entra.found(text) == [pk], text
    changed = entra.change(
        path,
        {"op": "Replace", "path": "userName", "value": "nora.newman@acme.example"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "Nora.Newman@acme.example"},
        {"op": "Add", "path": "name.familyName", "value": "Newman"},
        {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "R&D"},
    )
    assert changed.status_code == 200
    with within(acme):
        nora = User.objects.get(pk=pk)
        assert (nora.email, nora.name, nora.role) == ("nora.newman@acme.example", "Nora Newman", "editor")
        assert not nora.has_usable_password()
        assert [*nora.emailaddress_set.values_list("email", "verified")] == [(nora.email, True)]
    run_jobs()
    assert [message.to for message in mail.outbox] == [["nora@acme.example"]]
    assert "/account/password/reset/" in mail.outbox[0].body
    assert entra.call("DELETE", path).status_code == 204
    assert entra.call("DELETE", path).status_code == 404
    with within(acme):
        assert not User.objects.filter(pk=pk).exists()
        assert not Account.objects.exists()


def test_okta_replaces_a_user(directory, acme):
    okta = directory()
    told = okta.add("Nora New", externalId="00u1", active=True).told
    told["name"]["givenName"], told["active"] = "Eleanor", False
    assert okta.call("PUT", f"Users/{told['id']}", told).told["active"] is False
    with within(acme):
        member = User.objects.get(pk=told["id"])
        assert (member.first_name, member.is_active) == ("Eleanor", False)
    assert okta.found("active eq false")[-1] == told["id"]
    del told["emails"]
    assert okta.call("PUT", f"Users/{told['id']}", told | {"active": True}).status_code == 200
    with within(acme):
        assert User.objects.get(pk=told["id"]).is_active


@pytest.mark.parametrize("operation", OFF)
def test_deactivated_person_is_signed_out_and_their_tokens_end(directory, acme, reader, as_user, operation):
    entra, browser = directory(), as_user(reader)
    with within(acme):
        issue_api_token(member=reader, wishes=Wishes("Script", ["read"]))
    assert browser.get("/people/").status_code == 200
    assert entra.change(f"Users/{reader.pk}", operation).told["active"] is False
    assert browser.get("/people/").status_code == 302
    with within(acme):
        assert not Token.objects.of(reader).exists()
    assert entra.change(f"Users/{reader.pk}", operation | {"value": turned_on(operation)}).told["active"] is True
    with within(acme):
        assert User.objects.get(pk=reader.pk).is_active


def turned_on(operation):
    value = operation["value"]
    return {"active": "True"} if isinstance(value, dict) else "True"


def test_member_who_was_here_before_is_linked(directory, acme, reader):
    entra = directory()
    assert entra.found(f'userName eq "{reader.email}"') == [str(reader.pk)]
    linked = entra.change(f"Users/{reader.pk}", {"op": "Add", "path": "externalId", "value": "e-7"})
    assert (linked.told["externalId"], linked.told["userName"]) == ("e-7", reader.email)
    with within(acme):
        assert Account.objects.get(external_id="e-7").member_id == reader.pk


@pytest.mark.parametrize("taken", ["userName", "emails", "externalId"])
def test_what_another_member_has_is_refused(directory, acme, reader, taken):
    entra = directory()
    entra.add("Nora New", externalId="e-1")
    other = {
        "userName": {"userName": reader.email.upper()},
        "emails": {"emails": [{"value": "Nora@acme.example"}], "externalId": "e-2"},
        "externalId": {"externalId": "e-1"},
    }
    answer = entra.add("Otto Other", **other[taken])
    assert (answer.status_code, answer.told["scimType"], answer.told["status"]) == (409, "uniqueness", "409")
    assert answer["Content-Type"] == "application/scim+json"
    with within(acme):
        assert not User.objects.filter(first_name="Otto").exists()


def test_last_owner_stays(directory, acme, owner):
    entra, path = directory(), f"Users/{owner.pk}"
    assert entra.change(path, OFF[0]).status_code == 409
    assert entra.call("DELETE", path).status_code == 409
    with within(acme):
        assert User.objects.get(pk=owner.pk).is_active


def test_owner_who_leaves_the_company_is_shut_out_but_not_brought_back(directory, acme, owner, editor):
    entra = directory()
    with within(acme):
        User.objects.filter(pk=editor.pk).update(role="owner")
    browser = SiteClient(acme).sign_in(owner)
    assert entra.change(f"Users/{owner.pk}", OFF[1]).status_code == 200
    assert browser.get("/people/").status_code == 302
    assert entra.change(f"Users/{owner.pk}", {"op": "replace", "path": "active", "value": True}).status_code == 403
    assert entra.call("DELETE", f"Users/{owner.pk}").status_code == 204
    assert entra.call("DELETE", f"Users/{editor.pk}").status_code == 409


def test_address_of_an_owner_stays(directory, acme, owner):
    """The person who reads the mailbox can choose a new password."""
    change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "other@acme.example"}
    assert directory().change(f"Users/{owner.pk}", change).status_code == 403
    with within(acme):
        assert User.objects.get(pk=owner.pk).email == owner.email


def test_directory_makes_no_owners(directory, acme, owner):
    entra = directory(role="reader")
    with within(acme):
        Invitation.objects.create(email="nora@acme.example", role="owner", invited_by=owner)
        Invitation.objects.create(email="otto@acme.example", role="editor", invited_by=owner)
    assert entra.add("Nora New").status_code == 409
    assert entra.add("Otto Other", roles=[{"value": "owner"}]).status_code == 201
    with within(acme):
        assert User.objects.get(email="otto@acme.example").role == "editor"
        assert not User.objects.filter(email="nora@acme.example").exists()
        assert [each.email for each in Invitation.objects.open()] == ["nora@acme.example"]


def test_service_itself_is_not_shown(directory, acme):
    entra = directory()
    with within(acme):
        service = User.objects.get(first_name="SCIM")
        people = User.objects.exclude(pk=service.pk).count()
    assert entra.call("GET", f"Users/{service.pk}").status_code == 404
    assert entra.call("GET", "Users").told["totalResults"] == people


@pytest.mark.parametrize(
    ("query", "shown", "start"),
    [("startIndex=2&count=2", 2, 2), ("startIndex=0&count=1", 1, 1), ("count=0", 0, 1), ("startIndex=99", 0, 99)],
)
def test_list_comes_in_pages(directory, query, shown, start):
    told = directory().call("GET", f"Users?{query}").told
    assert (told["itemsPerPage"], told["startIndex"], len(told.get("Resources", []))) == (shown, start, shown)
    assert told["totalResults"] == 5


def test_version_holds_for_one_state(directory, reader):
    entra, path = directory(), f"Users/{reader.pk}"
    version = entra.call("GET", path)["ETag"]
    assert entra.call("GET", path, **{"If-None-Match": version}).status_code == 304
    body = {"schemas": [], "Operations": [{"op": "replace", "path": "name.givenName", "value": "Rosa"}]}
    assert entra.call("PATCH", path, body, **{"If-Match": version}).status_code == 200
    assert entra.call("PATCH", path, body, **{"If-Match": version}).status_code == 412
