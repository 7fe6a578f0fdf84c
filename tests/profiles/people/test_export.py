"""The list of people as a file: what the viewer may see, on all pages, in constant memory."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Invitation, Profile, User
from profiles.people import export
from profiles.testing import needs
from shared.keyset import keyset_page, keyset_parts
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.members.working import sign_in_by_password


def rows_of(response: Any) -> list[dict[str, str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_managers_get_all_of_it(acme: Tenant, as_user: Any, owner: User, editor: User, gone: User) -> None:
    with within(acme):
        Invitation.objects.create(email=editor.email, accepted=editor.date_joined, invited_by=owner)
        Profile.objects.filter(user=editor).update(location="Copenhagen", phone="+4530901820")
    sign_in_by_password(acme, "editor")
    page = as_user(owner).get("/people/?sort=-role").content.decode()
    assert 'href="/people/people.csv?sort=-role"' in page
    rows = {row["username"]: row for row in rows_of(as_user(owner).get("/people/people.csv"))}
    assert set(rows) == {"owner", "admin", "editor", "reader", "gone"}
    row = rows["editor"]
    assert (row["name"], row["email"], row["role"]) == ("Edda Editor", editor.email, "editor")
    assert (row["location"], row["phone"], row["state"]) == ("Copenhagen", "'+4530901820", "active")
    assert (row["invited_by"], row["joined"]) == ("Olga Owner", editor.date_joined.isoformat())
    assert row["last_seen"] > row["joined"]
    assert rows["gone"]["state"] == "deactivated"
    assert [row["username"] for row in rows_of(as_user(owner).get("/members/deactivated.csv"))] == ["gone"]


def test_managers_get_what_is_hidden_from_others_but_not_what_only_the_member_sees(
    acme: Tenant, as_user: Any, admin: User, reader: User, editor: User
) -> None:
    with within(acme):
        for member, audience in ((editor, "managers"), (reader, "self")):
            Profile.objects.filter(user=member).update(location="Copenhagen")
            profile = Profile.objects.get(user=member)
            profile.location_seen_by = audience
            profile.save()
    for viewer, seen in ((admin, ["Copenhagen", ""]), (editor, ["Copenhagen", ""]), (reader, ["", "Copenhagen"])):
        rows = {row["username"]: row["location"] for row in rows_of(as_user(viewer).get("/people/people.csv"))}
        assert [rows["editor"], rows["reader"]] == seen, viewer


@needs("profiles.custom_fields")
def test_fields_of_the_organisation_are_in_it_as_far_as_the_viewer_sees_them(
    acme: Tenant, as_user: Any, owner: User, reader: User, editor: User
) -> None:
    from profiles.custom_fields.changes import define, fill_in
    from profiles.custom_fields.models import Field

    with within(acme):
        for label, audience in (("Team", "everyone"), ("Grade", "managers"), ("Size", "self")):
            define(actor=owner, field=Field(label=label, seen_by=audience, is_column=label == "Team"))
        fill_in(actor=reader, profile=reader.profile, values={"team": "Blue", "grade": "=7", "size": "M"})
    row = next(r for r in rows_of(as_user(owner).get("/people/people.csv")) if r["username"] == "reader")
    assert {name: row.get(name) for name in row if name.startswith("field_")} == {
        "field_team": "Blue",
        "field_grade": "'=7",
    }
    rows = rows_of(as_user(editor).get("/people/people.csv"))
    assert [name for name in rows[0] if name.startswith("field_")] == ["field_team"]


@pytest.mark.parametrize(("username", "columns"), [("reader", ""), ("editor", "email,phone")])
def test_others_get_what_they_may_see(
    acme: Tenant, as_user: Any, gone: User, request: pytest.FixtureRequest, username: str, columns: str
) -> None:
    browser = as_user(request.getfixturevalue(username))
    rows = rows_of(browser.get("/people/people.csv"))
    assert ",".join(rows[0]) == "name,username,role,location" + (f",{columns}" if columns else "")
    assert gone.username not in {row["username"] for row in rows}
    by_email = rows_of(browser.get("/people/people.csv?q=owner@acme"))
    assert len(by_email) == (0 if username == "reader" else 1), "A reader does not find by email either."


def test_it_has_the_filter_and_the_order_of_the_page(as_user: Any, owner: User) -> None:
    rows = rows_of(as_user(owner).get("/people/people.csv?role=reader&sort=-name&q=g"))
    assert [row["username"] for row in rows] == ["gone"]
    for order in ("name", "-role", "joined", "x"):
        page = as_user(owner).get(f"/people/?sort={order}").context["page"].rows
        rows = rows_of(as_user(owner).get(f"/people/people.csv?sort={order}"))
        assert [row["username"] for row in rows] == [member.username for member in page]


def test_no_name_becomes_a_formula(acme: Tenant, as_user: Any, owner: User, reader: User) -> None:
    with within(acme):
        User.objects.filter(pk=reader.pk).update(first_name="=cmd|' /C calc'!A0", last_name="")
    rows = rows_of(as_user(owner).get("/people/people.csv?q=reader"))
    assert rows[0]["name"] == "'=cmd|' /C calc'!A0"


def test_one_part_at_a_time_is_read(acme: Tenant, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part is a constant number of statements with a limit, sent when it is asked for: so is any number of them."""
    monkeypatch.setattr(export, "PART", 10)
    with within(acme):
        User.objects.bulk_create(User(username=f"m{n:03}", last_name=f"Zz{n:03}") for n in range(25))
        parts = export.csv_of(User.objects.search("zz").by_name().select_related("profile"), export.columns_for(owner))
        next(parts)  # the columns
        numbers, sizes = [], []
        while True:
            with CaptureQueriesContext(connection) as captured:
                if not (part := next(parts, b"")):
                    break
            numbers.append(len(captured))
            sizes.append(part.decode().count("\n"))
    assert sizes == [10, 10, 5]
    assert len(set(numbers)) == 1


def test_a_profile_that_is_missing_takes_no_file_down(acme: Tenant, as_user: Any, owner: User, reader: User) -> None:
    with within(acme):
        Profile.objects.filter(user=reader).delete()
    assert len(rows_of(as_user(owner).get("/people/people.csv?q=reader&sort=joined"))) == 1


@needs("profiles.groups")
def test_groups_have_a_column(acme: Tenant, as_user: Any, owner: User, reader: User) -> None:
    from profiles.groups.models import Group

    with within(acme):
        for name in ("Rocketry", "Design"):
            group = Group.objects.create(name=name)
            group.members.add(reader)
    rows = rows_of(as_user(owner).get(f"/people/people.csv?group={group.pk}"))
    assert [(row["username"], row["groups"]) for row in rows] == [("reader", "Design, Rocketry")]


@needs("profiles.two_factor")
def test_the_second_factor_has_a_column(acme: Tenant, as_user: Any, owner: User, reader: User) -> None:
    from allauth.mfa.models import Authenticator

    with within(acme):
        Authenticator.objects.create(user=reader, type=Authenticator.Type.TOTP, data={"secret": "x"})
    rows = {row["username"]: row["two_factor"] for row in rows_of(as_user(owner).get("/people/people.csv"))}
    assert (rows["reader"], rows["editor"]) == ("yes", "")


def test_an_empty_list_has_no_parts(acme: Tenant) -> None:
    with within(acme):
        assert list(keyset_parts(User.objects.none().by_name(), 10)) == []
        assert keyset_page(User.objects.none().order_by("username"), {}, 10).rows == [], "An empty text is no place."
