"""manage.py make_profiles: a profile for every user that has none."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, ProfileUserObjectPermission, User
from tenants.context import within
from tenants.models import Tenant


@pytest.fixture
def incomplete(acme, globex):
    """acme lacks two profiles, globex one."""
    for tenant, usernames in ((acme, ["reader", "gone"]), (globex, ["editor"])):
        with within(tenant):
            Profile.objects.filter(user__username__in=usernames).delete()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*args: str, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    call_command("make_profiles", *args, stdout=out)
    return out.getvalue()


def lacking(tenant: Tenant) -> int:
    with within(tenant):
        return User.objects.filter(profile=None).count()


def test_all_organisations_are_made_whole(acme, globex, incomplete):
    assert run() == "acme: 2\nglobex: 1\nProfiles made: 3, in 2 of 2 organisations.\n"
    assert lacking(acme) == lacking(globex) == 0
    with within(acme):
        assert ProfileUserObjectPermission.objects.count() == 5
    assert run() == "acme: 0\nglobex: 0\nProfiles made: 0, in 2 of 2 organisations.\n"


def test_one_organisation_alone(acme, globex, incomplete):
    assert run("--tenant", "globex") == "globex: 1\nProfiles made: 1, in 1 of 1 organisations.\n"
    assert (lacking(acme), lacking(globex)) == (2, 0)


def test_organisation_that_does_not_exist_is_said(db):
    with pytest.raises(CommandError, match="There is no organisation 'initech'"):
        run("--tenant", "initech")


def test_profile_that_no_one_may_change_gets_its_permission(acme, reader):
    with within(acme):
        ProfileUserObjectPermission.objects.filter(user=reader).delete()
        run("--tenant", "acme")
        assert reader.has_perm("profiles.change_profile", reader.profile)


def test_profiles_that_are_there_stay_as_they_are(acme, reader, incomplete):
    with within(acme):
        Profile.objects.filter(user__username="owner").update(bio="Mine")
        before = list(Profile.objects.order_by("pk").values())
        run()
        assert list(Profile.objects.order_by("pk").values())[: len(before)] == before


@pytest.mark.parametrize("users", [3, 30])
def test_number_of_statements_does_not_grow_with_the_users(acme, users):
    with within(acme):
        made = User.objects.bulk_create(User(username=f"new-{number}") for number in range(users))
        Profile.objects.filter(user__in=made).delete()
        with CaptureQueriesContext(connection) as queries:
            assert Profile.objects.restore_all() == users
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 7


def test_bar_stays_in_its_place_on_a_terminal(acme, globex, incomplete):
    shown = run(out=Terminal())
    half, whole = "#" * 15 + " " * 15, "#" * 30
    assert shown == (
        f"\r[{half}] 1/2 organisations\r[{whole}] 2/2 organisations\nProfiles made: 3, in 2 of 2 organisations.\n"
    )


def test_organisation_that_fails_keeps_the_others_from_nothing(acme, globex, incomplete, settings):
    settings.PROFILE_DEFAULTS = "tests.profiles.test_make_profiles.not_in_acme"
    with pytest.raises(CommandError) as failure:
        run()
    assert f"acme  {acme.schema_name}  no profiles on Sundays" in str(failure.value)
    assert "globex" not in str(failure.value)
    assert failure.value.returncode == 1
    assert (lacking(acme), lacking(globex)) == (2, 0)


def not_in_acme(user: User) -> dict[str, str]:
    if user.email.endswith("@acme.example"):
        raise ValueError("no profiles on Sundays")
    return {}
