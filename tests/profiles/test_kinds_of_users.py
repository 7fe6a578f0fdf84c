"""Users by other classes: proxies, models that inherit from User, and the models that migrations see."""

import pytest
from django.db import connection, models
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import class_prepared, post_delete, post_save, pre_delete, pre_save
from django.test.utils import isolate_apps

from profiles.models import Profile, User
from profiles.models.user import UserManager
from profiles.roles import edits_profile
from tenants.context import as_owner, within
from tenants.organisations.sign_up import sign_up
from tenants.schemas import template
from tenants.schemas.migrating.plan import Move, Step
from tenants.schemas.migrating.steps import do_steps
from tenants.schemas.spares import make_spare
from tenants.signals import tenant_receiver
from tests.receivers.conftest import signals_as_they_were


@pytest.fixture(autouse=True)
def only_for_this_test():
    with signals_as_they_were(class_prepared, pre_save, post_save, pre_delete, post_delete), isolate_apps("profiles"):
        yield


@pytest.fixture
def proxy() -> type[User]:
    class Colleague(User):
        class Meta:
            proxy = True
            app_label = "profiles"

    return Colleague


@pytest.fixture
def child(acme) -> type[User]:
    class Pilot(User):
        licence = models.CharField(max_length=10, default="none")

        class Meta:
            app_label = "profiles"

    with as_owner(), within(acme), connection.schema_editor() as editor:
        connection.check_constraints()
        editor.create_model(Pilot)
    return Pilot


def assert_whole(username: str) -> None:
    user = User.objects.get(username=username)
    assert Profile.objects.filter(user=user).count() == 1
    assert edits_profile(user, user.profile)


def test_proxy(acme, proxy):
    with within(acme):
        proxy.objects.create(username="new")
        proxy(username="newer").save()
        proxy.objects.bulk_create([proxy(username="newest")])
        for username in ("new", "newer", "newest"):
            assert_whole(username)


def test_model_that_inherits(acme, child):
    with within(acme):
        child(username="new", licence="A").save()
        assert_whole("new")


def test_receivers_of_others_hear_of_all_kinds_once(acme, proxy, child):
    heard = []

    @tenant_receiver([post_save, post_delete], sender="profiles.User")
    def note(sender, instance, signal, **kwargs) -> None:
        heard.append(("saved" if signal is post_save else "deleted", sender.__name__))

    class Later(User):
        class Meta:
            proxy = True
            app_label = "profiles"

    with within(acme):
        for kind in (User, proxy, child, Later):
            kind(username=f"a-{kind.__name__}").save()
        assert heard == [("saved", name) for name in ("User", "Colleague", "Pilot", "Later")]
        heard.clear()
        for kind in (proxy, child):
            kind.objects.get(username=f"a-{kind.__name__}").delete()
        assert heard == [("deleted", "Colleague"), ("deleted", "User")]


def test_a_manager_that_makes_no_profiles_is_an_error_of_the_code():
    class Robot(User):
        objects = models.Manager()  # type: ignore[assignment]

        class Meta:
            proxy = True
            app_label = "profiles"

    class Android(User):
        objects = UserManager()

        class Meta:
            proxy = True
            app_label = "profiles"

    assert "profiles.E001" in [error.id for error in Robot.check()]
    assert "profiles.E001" not in [error.id for error in Android.check()]


def hire(apps, schema_editor) -> None:
    apps.get_model("profiles", "User").objects.create(username="support", email="support@vendor.example")


def step_that_hires(fingerprint: str) -> Step:
    """A migration of today's models that makes a user, as `migrate` does it in an organisation."""

    class Hiring(Migration):
        operations = [RunPython(hire)]

    migration = Hiring("0099_support", "profiles")
    state = MigrationLoader(None).project_state()
    step = Step([Move(migration, False, state)], can_be_replayed=False, fingerprint=fingerprint)
    step.ends_code = True
    return step


def test_user_made_by_a_migration(acme, globex):
    connection.check_constraints()
    for tenant in (acme, globex):
        step = step_that_hires(tenant.fingerprint)
        with as_owner():
            do_steps(tenant, [step])
        with within(tenant):
            assert_whole("support")


def test_nothing_is_made_in_a_state_that_the_code_does_not_know(acme):
    connection.check_constraints()
    with as_owner():
        do_steps(acme, [step_that_hires("of other code")])
    with within(acme):
        assert not Profile.objects.filter(user__username="support").exists()


@pytest.fixture
def peopled_template(db):
    """The template has a user in it, as after a migration that makes users."""
    template._scripts.clear()
    original = template.locked_template()
    with as_owner(), within(original):
        User.objects.create_user("support", "support@vendor.example")
    yield
    template._scripts.clear()


@pytest.mark.parametrize("email", ["support@works.example", "Support@elsewhere.example"])
def test_owner_named_like_a_user_in_the_template(peopled_template, email):
    make_spare()
    tenant = sign_up(organisation="Works", slug="works", name="Sue Port", email=email, password="plenty of fuel").tenant
    with within(tenant):
        assert set(User.objects.values_list("username", flat=True)) == {"support", "support-2"}
        for username in ("support", "support-2"):
            assert_whole(username)
