"""Bulk actions: from the ticks in a list, over a confirmation, to a tally that can be undone."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail

from profiles.bulk_actions import changes
from profiles.bulk_actions.models import Run
from profiles.bulk_actions.nightly import end_runs
from profiles.models import Invitation, User
from profiles.testing import SiteClient, needs, person
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.members.working import roles_of

BULK = "/members/bulk/"


def seen(response: Any) -> str:
    return re.findall(r'name="seen" value="(\w+)"', response.content.decode())[0]


def send(browser: SiteClient, query: str, **values: str) -> Any:
    """Confirm what the address asks for."""
    page = browser.get(f"{BULK}?{query}")
    assert page.status_code == 200
    return browser.post(f"{BULK}?{query}", {"seen": seen(page), **values}, follow=True)


def text(response: Any) -> str:
    plain = re.sub("<[^>]+>", " ", re.sub("</?bdi>", "", response.content.decode()))
    return unescape(re.sub(r"\s+", " ", plain))


@pytest.fixture
def crowd(acme: Tenant) -> list[User]:
    with within(acme):
        return User.objects.bulk_create(
            User(username=f"m{n:03}", first_name="Mara", last_name=f"{n:03}") for n in range(120)
        )


def test_ticked_members_get_a_role_and_have_it_taken_back(
    acme: Tenant, as_user: Any, owner: User, reader: User, editor: User, gone: User
) -> None:
    browser = as_user(owner)
    page = browser.get("/people/").content.decode()
    assert f'name="row" value="{reader.pk}" form="bulk"' in page
    query = f"list=people&do=role&row={reader.pk}&row={editor.pk}&row={owner.pk}&row={gone.pk}"
    confirmation = text(browser.get(f"{BULK}?{query}"))
    assert "3 people: Edda Editor, Gregor Gone, Rita Reader" in confirmation
    assert "You cannot do this to yourself. (1) Olga Owner" in confirmation
    tally = send(browser, query, role="editor")
    assert "Done for 2 people." in text(tally)
    assert "Already has this role. (1) Edda Editor" in text(tally)
    assert roles_of(acme)["reader"] == "editor"
    run = tally.redirect_chain[-1][0]
    back = browser.post(f"{run}undo/", follow=True)
    assert "Done for 2 people." in text(back)
    assert (roles_of(acme)["reader"], roles_of(acme)["gone"]) == ("reader", "reader")
    assert "Undo" not in text(browser.get(run)), "once"
    assert browser.post(f"{run}undo/", follow=True).redirect_chain[-1][0] == run


def test_undo_leaves_a_role_that_was_changed_since(acme: Tenant, as_user: Any, owner: User, reader: User) -> None:
    browser = as_user(owner)
    tally = send(browser, f"list=people&do=role&row={reader.pk}", role="editor")
    with within(acme):
        User.objects.filter(pk=reader.pk).update(role="admin")
    back = browser.post(f"{tally.redirect_chain[-1][0]}undo/", follow=True)
    assert "Has been changed since. (1) Rita Reader" in text(back)
    assert roles_of(acme)["reader"] == "admin"


def test_all_that_match_on_every_page(acme: Tenant, as_user: Any, owner: User, crowd: list[User]) -> None:
    browser = as_user(owner)
    assert 'name="all"' in browser.get("/people/?q=mara").content.decode()
    assert 'name="all"' not in browser.get("/people/?q=rita").content.decode(), "There is one page."
    tally = send(browser, "list=people&do=deactivate&all=1&q=mara&role=reader")
    assert "Done for 120 people." in text(tally)
    with within(acme):
        assert set(User.objects.filter(is_active=False).values_list("first_name", flat=True)) == {"Mara", "Gregor"}
    browser.post(f"{tally.redirect_chain[-1][0]}undo/")
    with within(acme):
        assert User.objects.filter(is_active=False).count() == 1


def test_reactivated_members_are_deactivated_again(acme: Tenant, as_user: Any, owner: User, gone: User) -> None:
    browser = as_user(owner)
    tally = send(browser, f"list=deactivated&do=reactivate&row={gone.pk}")
    assert "Done for 1 person." in text(tally)
    with within(acme):
        assert User.objects.get(pk=gone.pk).is_active
    back = browser.post(f"{tally.redirect_chain[-1][0]}undo/", follow=True)
    assert "Deactivate" in text(back)
    assert "Done for 1 person." in text(back)
    with within(acme):
        assert not User.objects.get(pk=gone.pk).is_active


def test_more_than_a_batch_is_a_job(
    acme: Tenant, as_user: Any, owner: User, crowd: list[User], run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "BATCH", 50)
    browser = as_user(owner)
    waiting = send(browser, "list=people&do=role&all=1&q=mara", role="editor")
    assert "0 of 120 are done." in text(waiting)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    with within(acme):
        run = Run.objects.get()
        changes.go_on(run.pk)
        assert User.objects.filter(role="editor", first_name="Mara").count() == 50, "Each batch is kept."
    assert "50 of 120 are done." in text(browser.get(f"{BULK}{run.pk}/"))
    run_jobs()
    assert "Done for 120 people." in text(browser.get(f"{BULK}{run.pk}/"))


def test_a_job_stops_for_an_actor_who_may_no_longer(
    acme: Tenant, as_user: Any, admin: User, crowd: list[User], run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "BATCH", 50)
    send(as_user(admin), "list=people&do=deactivate&all=1&q=mara")
    with within(acme):
        User.objects.filter(pk=admin.pk).update(role="reader")
    run_jobs()
    with within(acme):
        run = Run.objects.get()
        assert (run.done, len(run.refused["not_yours"])) == ([], 120)
        assert not User.objects.filter(is_active=False, first_name="Mara").exists()


def test_what_has_changed_since_is_shown_again(
    acme: Tenant, as_user: Any, owner: User, crowd: list[User], reader: User
) -> None:
    """Otherwise an action on all that match would affect people who were not in the confirmation."""
    browser = as_user(owner)
    query = "list=people&do=deactivate&all=1&q=mara"
    page = browser.get(f"{BULK}?{query}")
    with within(acme):
        User.objects.filter(pk=reader.pk).update(first_name="Mara")
    answer = browser.post(f"{BULK}?{query}", {"seen": seen(page)})
    assert "The list has changed" in text(answer)
    assert "121 people:" in text(answer)
    with within(acme):
        assert not Run.objects.exists()


def test_removing_asks_for_the_password_first(acme: Tenant, as_user: Any, owner: User, reader: User) -> None:
    browser = as_user(owner)
    query = f"list=people&do=remove&row={reader.pk}"
    asked = send(browser, query)
    assert "Remove several people" in text(asked)
    assert "reader" in roles_of(acme)
    assert "Done for 1 person." in text(send(browser.give_password(), query))
    assert "reader" not in roles_of(acme)


@pytest.mark.parametrize(
    "query",
    [
        "list=people&do=role",
        "list=people&do=role&row=x&row=-1&row=%00&row=" + "9" * 30,
        "list=people&do=remove&all=1&role=emperor",
        "list=people&do=remove&all=1&sort=x",
        "list=invitations&do=revoke&row=999999",
    ],
)
def test_nothing_is_done_to_no_one(acme: Tenant, as_user: Any, owner: User, query: str) -> None:
    """A filter that is not valid shows everyone in the list, and here it means no one."""
    assert "Select at least one line of the list." in text(as_user(owner).get(f"{BULK}?{query}", follow=True))


@needs("profiles.custom_fields")
def test_all_that_match_are_those_of_the_list_also_by_what_only_managers_search(
    acme: Tenant, as_user: Any, owner: User, reader: User
) -> None:
    from profiles.custom_fields.changes import define, fill_in
    from profiles.custom_fields.models import Field

    with within(acme):
        define(actor=owner, field=Field(label="Grade", seen_by="managers", is_searched=True))
        fill_in(actor=reader, profile=reader.profile, values={"grade": "Zenith"})
    browser = as_user(owner)
    assert "Rita Reader" in text(browser.get("/people/?q=zenith"))
    assert "1 person: Rita Reader" in text(browser.get(f"{BULK}?list=people&do=deactivate&all=1&q=zenith"))


@pytest.mark.parametrize("query", ["", "list=home&do=role", "list=people&do=x", "list=people&do=revoke&all=1"])
def test_unknown_lists_and_actions_are_not_there(as_user: Any, owner: User, query: str) -> None:
    assert as_user(owner).get(f"{BULK}?{query}").status_code == 404


def test_a_right_that_is_not_theirs_is_refused(acme: Tenant, as_user: Any, admin: User, owner: User) -> None:
    """An admin ticks an owner, and sends a form that offers to make owners."""
    browser = as_user(admin)
    page = text(browser.get(f"{BULK}?list=people&do=deactivate&row={owner.pk}&row={admin.pk}"))
    assert "This cannot be done to any of those" in page
    assert "Owners can only be changed one by one. (1)" in page
    with within(acme):
        editor = User.objects.get(username="editor")
    answer = send(browser, f"list=people&do=role&row={editor.pk}", role="owner")
    assert answer.redirect_chain == []
    assert roles_of(acme)["editor"] == "editor"


def test_a_run_is_for_the_one_who_did_it(
    acme: Tenant, globex: Tenant, as_user: Any, owner: User, admin: User, reader: User
) -> None:
    run = send(as_user(owner), f"list=people&do=role&row={reader.pk}", role="editor").redirect_chain[-1][0]
    assert as_user(admin).get(run).status_code == 404
    assert as_user(admin).post(f"{run}undo/").status_code == 404
    there = SiteClient(globex).sign_in(person(globex, "owner"))  # the same primary key there
    assert there.get(run).status_code == 404
    assert there.post(f"{run}undo/").status_code == 404
    assert roles_of(acme)["reader"] == "editor"


def test_invitations_are_sent_again_and_revoked(acme: Tenant, as_user: Any, admin: User, run_jobs: Any) -> None:
    with within(acme):
        for n in range(3):
            role = "owner" if n == 2 else "reader"
            Invitation.objects.create(email=f"new{n}@acme.example", role=role, invited_by=admin)
    browser = as_user(admin)
    assert 'name="row"' in browser.get("/members/invitations/").content.decode()
    tally = send(browser, "list=invitations&do=resend&all=1")
    assert "Done for 2 invitations." in text(tally)
    run_jobs()
    assert sorted(message.to for message in mail.outbox) == [["new0@acme.example"], ["new1@acme.example"]]
    confirmation = text(browser.get(f"{BULK}?list=invitations&do=revoke&all=1"))
    assert "Owners can only be changed one by one. (1) new2@acme.example" in confirmation
    send(browser, "list=invitations&do=revoke&all=1")
    with within(acme):
        assert [invitation.email for invitation in Invitation.objects.open()] == ["new2@acme.example"]


@needs("profiles.groups")
def test_members_are_added_to_a_group(acme: Tenant, as_user: Any, admin: User, owner: User, reader: User) -> None:
    from profiles.groups.models import Group

    with within(acme):
        group = Group.objects.create(name="Rocketry")
        group.members.add(reader)
    browser = as_user(admin)
    tally = send(browser, "list=people&do=add_to_group&all=1", group=str(group.pk))
    assert "Already in this group. (1) Rita Reader" in text(tally)
    with within(acme):
        assert group.members.count() == 5, "Owners too: a group gives no rights."
    browser.post(f"{tally.redirect_chain[-1][0]}undo/")
    with within(acme):
        assert list(group.members.all()) == [reader]


@needs("profiles.audit")
def test_each_member_has_an_entry_that_names_the_actor(acme: Tenant, as_user: Any, owner: User, crowd: list) -> None:
    from profiles.audit.models import Entry

    send(as_user(owner), "list=people&do=role&all=1&q=mara", role="editor")
    with within(acme):
        entries = Entry.objects.filter(kind="member.role_changed", changes={"role": ["reader", "editor"]})
        assert {entry.actor_id for entry in entries} == {owner.pk}
        assert {int(entry.about[0]["id"]) for entry in entries} == {member.pk for member in crowd}


def test_runs_are_deleted_after_some_days(acme: Tenant, owner: User) -> None:
    with within(acme):
        for days in (1, 8):
            run = Run.objects.create(actor=owner, list_name="people", action="role", total=0, waiting=[])
            Run.objects.filter(pk=run.pk).update(created=run.created - timedelta(days=days))
        end_runs()
        assert Run.objects.count() == 1
