"""Single rows and files come back from a sandbox, with what belongs to them, and nothing else changes."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError

from profiles.backups.models import Sandbox
from profiles.members.changes import remove
from profiles.models import Profile, User
from profiles.testing import PASSWORD, SiteClient, needs, person
from tenants.context import within
from tenants.models import Tenant
from tests.tenants.commands import run


def take(*rows: str, **options: object) -> str:
    return run("restore_organisation", "initech", take_over=True, rows=list(rows), **options)


@pytest.fixture
def sandbox(initech) -> Sandbox:
    """Of a moment before Rita was removed, Adam renamed, a file deleted, and Late added."""
    with within(initech):
        default_storage.save("plan.txt", ContentFile(b"the plan"))
        default_storage.save("terms.txt", ContentFile(b"the terms"))
    run("restore_organisation", "initech")
    with within(initech):
        User.objects.filter(username="admin").update(first_name="Adamo", password="changed since")
        User.objects.create_user("late", "late@initech.example")
        default_storage.delete("plan.txt")
        default_storage.delete("terms.txt")
        default_storage.save("terms.txt", ContentFile(b"other terms, longer"))
        default_storage.save("late.txt", ContentFile(b"late"))
        remove(actor=User.objects.get(username="owner"), member=User.objects.get(username="reader"))
    return Sandbox.objects.get(of=initech)


def test_removed_member_comes_back_with_profile_and_photo_but_without_password(initech, sandbox):
    with within(sandbox.tenant):
        reader = User.objects.select_related("profile").get(username="reader")
    told = take(f"profiles.User:{reader.pk}", dry_run=True)
    assert "1  profiles.Profile  as in the sandbox" in told
    assert "Nothing was changed" in told
    with within(initech):
        assert not User.objects.filter(username="reader").exists()
    take(f"profiles.User:{reader.pk}")
    with within(initech):
        back = User.objects.select_related("profile").get(username="reader")
        assert (back.pk, back.profile.pk, back.profile.bio) == (reader.pk, reader.profile.pk, reader.profile.bio)
        assert not back.has_usable_password()
        if photo := str(back.profile.photo):
            assert default_storage.exists(f"{photo.rpartition('/')[0]}/64.webp")
        admin = User.objects.get(username="admin")
        assert (admin.first_name, admin.password) == ("Adamo", "changed since"), "It was not chosen."


@pytest.mark.slow
def test_row_brings_what_it_needs(initech, sandbox):
    with within(sandbox.tenant):
        profile = Profile.objects.get(user__username="reader")
    take(f"profiles.Profile:{profile.pk}")
    with within(initech):
        assert User.objects.get(username="reader").profile.pk == profile.pk


def test_all_of_a_model_and_files_and_the_entry(initech, sandbox):
    """What was changed is as it was, but for secrets; what has been added is deleted."""
    take("profiles.User", file=["plan.txt", "terms.txt", "late.txt"])
    with within(initech):
        names = dict(User.objects.values_list("username", "first_name"))
        assert "late" not in names
        assert (names["admin"], User.objects.get(username="admin").password) == ("Adam", "changed since")
        assert not default_storage.exists("late.txt")
        for name, content in {"plan.txt": b"the plan", "terms.txt": b"the terms"}.items():
            with default_storage.open(name) as file:
                assert file.read() == content
    changes = run("restore_organisation", "initech", compare=True)
    assert not any(line.startswith(("profiles.Profile ", "files")) for line in changes.splitlines()), changes


@pytest.mark.slow
@needs("profiles.audit")
def test_owners_read_which_rows(initech, sandbox):
    take("profiles.User")
    browser = SiteClient(Tenant.objects.get(slug="initech"))
    text = browser.sign_in(person(initech, "owner")).get("/settings/activity/").content.decode()
    assert "Single rows and files taken over from the sandbox" in text


def test_all_or_nothing(initech, sandbox):
    """The reader's name was taken since by another member, who is no part of the choice."""
    with within(sandbox.tenant):
        reader = User.objects.get(username="reader")
    with within(initech):
        User.objects.create_user("reader", "other@initech.example")
    for rows, files, words in (
        (
            f"profiles.User:{reader.pk}",
            ["plan.txt"],
            "Members: one that was added since has a value that may be there only once",
        ),
        ("profiles.User:999", [], "Members: number 999 is neither here nor in the sandbox"),
        ("profiles.Session", [], "Sessions cannot be taken over one by one"),
        ("nowhere.Thing:1", [], "nowhere.Thing cannot be taken over one by one"),
        (
            f"profiles.User:{person(initech, 'admin').pk}",
            ["../secret"],
            "The file ../secret is neither here nor in the sandbox",
        ),
    ):
        with pytest.raises(CommandError, match=words):
            take(rows, file=files)
    with within(initech):
        assert User.objects.get(username="admin").first_name == "Adamo"
        assert not default_storage.exists("plan.txt")


def test_last_owner_is_not_taken_away(initech, sandbox):
    with within(sandbox.tenant):
        User.objects.filter(username="owner").update(role="reader")
    with pytest.raises(CommandError, match="would have no active owner"):
        take(f"profiles.User:{person(initech, 'owner').pk}")


def test_owner_chooses_on_pages(initech, sandbox):
    browser = SiteClient(initech).sign_in(person(initech, "owner"))
    assert 'href="/settings/sandbox/"' in browser.get("/settings/").text
    page = browser.get("/settings/sandbox/").content.decode()
    assert "/settings/sandbox/profiles.User/" in page
    assert "/settings/sandbox/profiles.Session/" not in page
    with within(sandbox.tenant):
        reader = User.objects.get(username="reader")
    page = browser.get("/settings/sandbox/profiles.User/").content.decode()
    for words in (
        "<h1>Members</h1>",
        "Deleted since (1)",
        "Changed since (1)",
        "Added since (1)",
        "first name, password<",  # and not the columns that PostgreSQL computes from the name
        "reader",
        "late",
    ):
        assert words in page
    chosen = {"what": "profiles.User", "row": [reader.pk]}
    page = browser.get("/settings/sandbox/take/", chosen).content.decode()
    assert "Profiles" in page
    assert browser.post("/settings/sandbox/take/", chosen)["Location"].startswith("/account/reauthenticate/")
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = browser.post("/settings/sandbox/take/", chosen)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/sandbox/")
    assert person(initech, "reader").profile
    assert "Deleted since" not in browser.get("/settings/sandbox/profiles.User/").content.decode()

    browser.post("/settings/sandbox/take/", {"what": "files", "row": ["plan.txt"]})
    with within(initech):
        assert default_storage.exists("plan.txt")
    page = browser.get("/settings/sandbox/take/", {"what": "profiles.User", "row": ["999"]}).content.decode()
    assert "Nothing was changed." in page
    for path in ("/settings/sandbox/", "/settings/sandbox/profiles.User/", "/settings/sandbox/take/"):
        assert SiteClient(initech).sign_in(person(initech, "admin")).get(path).status_code == 403
    assert browser.get("/settings/sandbox/profiles.Session/").status_code == 404
