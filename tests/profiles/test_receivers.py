"""What every new user gets, however it is created: a profile, and the object permission to edit it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, ProfileUserObjectPermission, User
from profiles.roles import edits_profile
from tenants.context import within


@pytest.fixture(autouse=True)
def in_acme(request):
    """Tests that ask for organisations work in acme."""
    tenants = [request.getfixturevalue(name) for name in ("acme", "globex") if name in request.fixturenames]
    with within(tenants[0]) if tenants else nullcontext():
        yield


def assert_whole(user: User) -> None:
    """The user has one profile, and may change this one alone."""
    user = User.objects.get(pk=user.pk)
    assert Profile.objects.filter(user=user).count() == 1
    permission = ProfileUserObjectPermission.objects.get(user=user)
    assert (permission.permission.codename, permission.content_object) == ("change_profile", user.profile)
    assert edits_profile(user, user.profile)
    assert not edits_profile(user, Profile.objects.exclude(user=user)[0])


def by_create_user() -> User:
    return User.objects.create_user("new", "new@acme.example", "pass123")


def by_create() -> User:
    return User.objects.create(username="new")


def by_save() -> User:
    user = User(username="new")
    user.save()
    return user


def by_get_or_create() -> User:
    return User.objects.get_or_create(username="new")[0]


def by_update_or_create() -> User:
    return User.objects.update_or_create(username="new", defaults={"first_name": "Nora"})[0]


def by_bulk_create() -> User:
    return User.objects.bulk_create([User(username="new")])[0]


def by_bulk_create_of_a_queryset() -> User:
    return User.objects.all().bulk_create([User(username="new")], batch_size=1)[0]


def by_bulk_create_that_ignores_who_is_there() -> User:
    User.objects.bulk_create([User(username="new"), User(username="reader")], ignore_conflicts=True)
    return User.objects.get(username="new")


def by_bulk_create_that_updates_who_is_there() -> User:
    reader = User.objects.get(username="reader")
    users = [User(username="new", first_name="Nora"), User(pk=reader.pk, username="reader", first_name="Rita")]
    return User.objects.bulk_create(users, update_conflicts=True, update_fields=["first_name"], unique_fields=["pk"])[0]


@pytest.mark.parametrize(
    "make",
    [
        by_create_user,
        by_create,
        by_save,
        by_get_or_create,
        by_update_or_create,
        by_bulk_create,
        by_bulk_create_of_a_queryset,
        by_bulk_create_that_ignores_who_is_there,
        by_bulk_create_that_updates_who_is_there,
    ],
    ids=lambda make: make.__name__,
)
def test_profile_and_permission_are_there(acme, reader, make):
    user = make()
    assert_whole(user)
    assert_whole(reader)
    assert user.profile.time_zone == ""


def test_defaults_come_from_one_place(acme, settings):
    settings.PROFILE_DEFAULTS = "tests.profiles.test_receivers.profile_of_a_sailor"
    assert by_create_user().profile.location == "At sea with new"


def profile_of_a_sailor(user: User) -> dict[str, str]:
    return {"location": f"At sea with {user.username}"}


@pytest.mark.parametrize("users", [3, 30])
def test_many_users_cost_as_many_statements_as_few(acme, users):
    """Savepoints aside: the users, their profiles, and the permission on those."""
    User.objects.count()  # The first statement of a test switches the schema.
    with CaptureQueriesContext(connection) as queries:
        User.objects.bulk_create(User(username=f"new-{number}") for number in range(users))
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 3


def test_users_of_a_fixture_bring_their_own_rows(acme, tmp_path):
    fixture = tmp_path / "users.json"
    fixture.write_text('[{"model": "profiles.user", "pk": 900, "fields": {"username": "new"}}]')
    call_command("loaddata", fixture, verbosity=0)
    user = User.objects.get(pk=900)
    assert not Profile.objects.filter(user=user).exists()
    user.save()
    assert_whole(user)


def test_deleted_profile_comes_back_at_the_next_save(acme, reader):
    reader.profile.delete()
    reader.save()
    assert_whole(reader)
    reader.profile.bio = "Back again"
    reader.profile.save()
    assert Profile.objects.get(user=reader).bio == "Back again"


def test_deleted_profile_comes_back_at_sign_in(visitor, reader, acme):
    reader.profile.delete()
    with within(acme):
        visitor.force_login(reader)
    assert_whole(reader)


def test_profile_made_by_hand_is_its_users(acme, reader):
    reader.profile.delete()
    Profile.objects.create(user=User.objects.get(pk=reader.pk))
    assert_whole(reader)


def test_saving_a_user_does_not_write_the_profile(acme, reader):
    before = reader.profile.updated
    with CaptureQueriesContext(connection) as queries:
        reader.save()
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(written) == 1
    assert written[0].startswith('UPDATE "profiles_user"')
    assert Profile.objects.get(user=reader).updated == before


def test_saving_a_profile_does_not_save_the_user_or_the_permission(acme, reader):
    reader.profile.refresh_from_db()  # Its receivers know what is stored only of a row that a query has read.
    with CaptureQueriesContext(connection) as queries:
        reader.profile.save()
    assert [query["sql"][:25] for query in queries] == ['UPDATE "profiles_profile"']


def test_profile_and_permission_go_with_the_user(acme, reader):
    profile = reader.profile.pk
    User.objects.get(pk=reader.pk).delete()
    assert not Profile.objects.filter(pk=profile).exists()
    assert not ProfileUserObjectPermission.objects.filter(content_object_id=profile).exists()
    assert Profile.objects.count() == ProfileUserObjectPermission.objects.count() == 4


def test_permission_goes_with_the_profile_and_the_user_stays(acme, reader):
    reader.profile.delete()
    assert User.objects.filter(pk=reader.pk).exists()
    assert not ProfileUserObjectPermission.objects.filter(user=reader).exists()


def test_same_key_in_two_organisations_is_two_people(acme, globex):
    with within(globex):
        theirs = User.objects.create_user("new", pk=900)
    ours = User.objects.create_user("new", pk=900)
    ours.profile.bio = "Acme only"
    ours.profile.save()
    assert_whole(ours)
    with within(globex):
        assert_whole(theirs)
        assert Profile.objects.get(user_id=900).bio == ""
        assert Profile.objects.count() == 6


# What every tutorial on profile signals has, to the letter.


def test_tutorial_user_profile(acme):
    User.objects.create_user(username="johndoe", password="a long password")
    user = User.objects.get(username="johndoe")
    assert user.profile == Profile.objects.get(user=user)


def test_tutorial_profile_picture(acme, as_user):
    user = User.objects.create_user("testuser", "test@test.com", "pass123")
    assert hasattr(user, "profile")
    response = as_user(user).get(user.profile.photo_url())
    assert response["Content-Type"] == "image/svg+xml"


def test_tutorial_birth_date(acme):
    user = User.objects.create_user("testuser", "test@test.com", "pass123")
    user.profile.birth_date = "1990-01-01"
    user.profile.save()
    assert User.objects.get(username="testuser").profile.birth_date == date(1990, 1, 1)


def test_tutorial_deletion(acme):
    user = User.objects.create_user("testuser", "test@test.com", "pass123")
    profile = user.profile
    user.delete()
    assert not Profile.objects.filter(pk=profile.pk).exists()


# With real commits.


def test_two_who_save_the_same_user_at_once_make_one_profile(new_tenant):
    tenant = new_tenant("racers")
    with within(tenant):
        users = User.objects.bulk_create(User(username=f"racer-{number}") for number in range(5))
        Profile.objects.filter(user__in=users).delete()
    threads = Barrier(4)

    def save_all() -> None:
        with within(tenant):
            try:
                for user in users:
                    loaded = User.objects.get(pk=user.pk)
                    threads.wait(timeout=10)
                    loaded.save()
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        for result in [pool.submit(save_all) for _ in range(4)]:
            result.result()
    with within(tenant):
        for user in users:
            assert_whole(user)


def test_user_whose_profile_cannot_be_made_is_not_made_either(new_tenant, settings):
    tenant = new_tenant("unlucky")
    settings.PROFILE_DEFAULTS = "tests.profiles.test_receivers.no_profile"
    with within(tenant):
        for make in (by_create_user, by_save, by_bulk_create):
            with pytest.raises(ZeroDivisionError):
                make()
        assert not User.objects.filter(username="new").exists()


def no_profile(user: User) -> dict[str, str]:
    raise ZeroDivisionError
