"""The demo's organisations and people."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command

from profiles.demo.crowd import add_crowd
from profiles.demo.making import demo_people_remain, make_demo
from profiles.demo.people import ORGANISATIONS
from profiles.models import HandOff, OutgoingMail, User
from profiles.roles import Role
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant
from tenants.organisations.rename import rename

PUBLIC_PASSWORD = "demo-password"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def empty(db):
    """A database without organisations."""
    Tenant.objects.filter(slug__isnull=False).delete()


@pytest.fixture
def demo(empty):
    """acme as the demo makes it."""
    assert make_demo()
    return Tenant.objects.get(slug="acme")


def test_organisations_have_a_person_in_each_role(demo):
    names = Tenant.objects.active().order_by("slug").values_list("slug", "name")
    assert list(names) == [("acme", "Acme Rockets"), ("globex", "Globex Gardens")]
    for tenant in Tenant.objects.active():
        with within(tenant):
            people = User.objects.order_by("pk").values_list("username", "email", "role")
            assert list(people) == [(role, f"{role}@{tenant.slug}.example", role) for role in Role.values]


def test_everyone_has_a_name_of_their_own():
    names = [person.name for organisation in ORGANISATIONS for person in organisation.people]
    assert len(names) == len(set(names)) == 8


def test_everyone_can_sign_in_with_the_demo_password(demo):
    for role in Role.values:
        browser = SiteClient(demo)
        credentials = {"login": f"{role}@acme.example", "password": PUBLIC_PASSWORD}
        assert browser.post("/account/login/", credentials)["Location"] == "/"
        assert "Please confirm" not in browser.get("/").content.decode()


@pytest.mark.slow
def test_profiles_are_filled_in_and_valid(demo):
    for tenant in Tenant.objects.active():
        with within(tenant):
            users = list(User.objects.select_related("profile"))
            for user in users:
                user.profile.full_clean()
                assert user.profile.bio
                assert user.profile.location
                assert user.has_perm("profiles.change_profile", user.profile)
            assert {bool(user.profile.photo) for user in users} == {True, False}


@pytest.mark.slow
def test_addresses_are_verified_and_nothing_waits_to_be_sent(demo, run_jobs, mailoutbox):
    run_jobs()
    assert mailoutbox == []
    with within(demo):
        assert EmailAddress.objects.filter(verified=True, primary=True).count() == 4
        assert not OutgoingMail.objects.exists()
        assert not HandOff.objects.exists()


@pytest.mark.slow
def test_second_run_changes_nothing(demo):
    with within(demo):
        User.objects.filter(username="reader").delete()
    output = StringIO()
    call_command("demo", stdout=output)
    assert "already" in output.getvalue()
    with within(demo):
        assert User.objects.count() == 3


def test_demo_is_not_made_beside_other_organisations(acme):
    assert not make_demo()
    assert Tenant.objects.active().count() == 2


@pytest.mark.slow
def test_command_says_who_can_sign_in(empty):
    output = StringIO()
    call_command("demo", stdout=output)
    for words in ("owner@acme.example", "reader@globex.example", PUBLIC_PASSWORD):
        assert words in output.getvalue()


def test_command_refuses_in_production(empty, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("demo")
    assert not Tenant.objects.active().exists()


def problems(databases: list[str] | None = None) -> list[str | None]:
    found = run_checks(tags=[Tags.security], include_deployment_checks=True, databases=databases)
    return [each.id for each in found]


@pytest.mark.slow
def test_deploy_check_finds_the_demo_where_it_is_given_the_database(demo, django_assert_num_queries):
    assert "profiles.E001" in problems(databases=["default"])
    with django_assert_num_queries(0):
        assert "profiles.E001" not in problems()


@pytest.mark.slow
def test_check_finds_it_under_another_address_too(demo):
    rename(demo, slug="apex")
    Tenant.objects.filter(slug="globex").delete()
    assert demo_people_remain()


@pytest.mark.slow
def test_one_person_who_is_left_is_enough(demo):
    for tenant in Tenant.objects.active():
        with within(tenant):
            User.objects.exclude(username="reader").update(password="!")
    assert demo_people_remain()


@pytest.mark.slow
def test_check_passes_when_no_one_can_sign_in_with_it(demo):
    for tenant in Tenant.objects.active():
        with within(tenant):
            for user in User.objects.exclude(username="owner"):
                user.set_password("something else entirely")
                user.save()
            User.objects.filter(username="owner").update(is_active=False)
    assert not demo_people_remain()


def test_check_is_content_with_organisations_of_these_names_that_are_not_the_demo(acme, globex):
    assert not demo_people_remain()
    assert "profiles.E001" not in problems(databases=["default"])


@pytest.mark.slow
def test_first_organisation_is_filled_up_with_people_who_cannot_sign_in(demo):
    call_command("demo", people=40, stdout=StringIO())
    call_command("demo", people=44, stdout=StringIO())
    with within(demo):
        assert User.objects.count() == 44
        crowd = User.objects.filter(username__startswith="member-").select_related("profile")
        assert not any(user.has_usable_password() for user in crowd)
        assert {user.role for user in crowd} == {Role.READER, Role.EDITOR}
        assert len({user.profile.location for user in crowd}) > 5


def test_crowd_needs_the_organisation(empty):
    Tenant.objects.filter(slug__isnull=False).delete()
    with pytest.raises(CommandError, match="no organisation 'acme'"):
        add_crowd(10)
