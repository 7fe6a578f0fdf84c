"""An object of one organisation is refused in another: globex has rows under the same primary keys."""

import pickle

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.cache import cache
from django.db import transaction

from profiles.models import Profile, Session, User
from tenants.context import within
from tenants.errors import WrongTenant
from tests.receivers.models import Article

EVERY_WAY = {
    "save": lambda user: user.save(),
    "save with using": lambda user: user.save(using="default"),
    "save of one field": lambda user: user.save(update_fields=["first_name"]),
    "delete": lambda user: user.delete(),
    "delete with using": lambda user: user.delete(using="default"),
    "refresh_from_db": lambda user: user.refresh_from_db(),
    "bulk_update": lambda user: User.objects.bulk_update([user], ["first_name"]),
    "bulk_update with using": lambda user: User.objects.using("default").bulk_update([user], ["first_name"]),
    "bulk_create": lambda user: User.objects.bulk_create([user]),
    "reverse one to one": lambda user: User(pk=user.pk).profile and user.profile,
    "reverse many": lambda user: list(user.emailaddress_set.all()),
    "many to many": lambda user: list(user.liked.all()),
    "add to many": lambda user: user.liked.add(Article.objects.create(author_id=1, title="Peace")),
    "create for": lambda user: EmailAddress.objects.create(user=user, email="a@a.example"),
    "update_or_create for": lambda user: Profile.objects.update_or_create(
        defaults={"user": user}, pk=User.objects.get(pk=2).profile.pk
    ),
    "assign": lambda user: setattr(Profile.objects.get(user=2), "user", user),
}


@pytest.mark.parametrize("way", EVERY_WAY.values(), ids=EVERY_WAY.keys())
def test_an_object_of_another_organisation_is_refused(way, acme, globex):
    with within(acme):
        user = User.objects.get(pk=1)
        user.first_name = "Mallory"
    with within(globex):
        before = list(User.objects.order_by("pk").values())
        with pytest.raises(WrongTenant, match=acme.schema_name), transaction.atomic():
            way(user)
        assert list(User.objects.order_by("pk").values()) == before


def test_outside_all_organisations_it_is_refused_too(owner):
    with pytest.raises(WrongTenant, match="public"):
        owner.save()


def test_at_home_it_is_not(acme, globex, owner):
    with within(acme):
        owner.first_name = "Olivia"
        owner.save(using="default")
        User.objects.bulk_update([owner], ["first_name"])
        assert User.objects.get(pk=1).first_name == "Olivia"


def test_a_foreign_key_is_not_followed_elsewhere(acme, globex):
    with within(acme):
        profile = Profile.objects.get(user=1)
    with within(globex), pytest.raises(WrongTenant):
        profile.user  # noqa: B018  reading it is what is refused


def test_a_deferred_field_is_not_read_elsewhere(acme, globex):
    with within(acme):
        user = User.objects.only("pk").get(pk=1)
    with within(globex), pytest.raises(WrongTenant):
        user.email  # noqa: B018  reading it is what is refused


def test_an_object_that_was_pickled_knows_its_home(acme, globex, owner):
    copy = pickle.loads(pickle.dumps(owner))  # noqa: S301  the test's own
    with within(globex), pytest.raises(WrongTenant):
        copy.save()


def test_an_object_out_of_the_cache_knows_its_home(acme, globex, owner):
    with within(globex):
        cache.set("owner", owner)
        with pytest.raises(WrongTenant):
            cache.get("owner").save()


def test_an_object_made_outside_is_of_where_it_is_first_saved(acme, globex):
    user = User(username="nomad", email="nomad@example.com")
    with within(acme):
        user.save()
    with within(globex), pytest.raises(WrongTenant):
        user.save()


def test_an_object_made_inside_is_of_there_before_it_is_saved(acme, globex):
    with within(acme):
        user = User(username="nomad")
    with within(globex), pytest.raises(WrongTenant):
        user.save()


def test_made_in_bulk(acme, globex):
    with within(acme):
        user = User.objects.bulk_create([User(username="nomad")])[0]
    with within(globex), pytest.raises(WrongTenant):
        user.delete()


def test_get_or_create_and_update_or_create_at_home(acme, globex):
    with within(acme):
        group, _ = Group.objects.get_or_create(name="Choir")
        Group.objects.update_or_create(pk=group.pk, defaults={"name": "Band"})
    with within(globex):
        assert not Group.objects.exists()


def test_prefetching_for_objects_of_another_organisation(acme, globex):
    from django.db.models import prefetch_related_objects

    with within(acme):
        people = list(User.objects.all())
    with within(globex), pytest.raises(WrongTenant):
        prefetch_related_objects(people, "liked")


def test_fixtures_are_of_where_they_are_loaded(acme, globex, owner):
    with within(acme):
        data = serializers.serialize("json", [owner])
    with within(globex):
        loaded = next(iter(serializers.deserialize("json", data)))
        loaded.save()
        assert User.objects.get(pk=1).email == "owner@acme.example"


def test_content_types_and_permissions_belong_to_all(acme, globex):
    """Django and guardian keep these objects for the life of a process; their rows are the same in every
    tenant.
    """
    ContentType.objects.clear_cache()
    with within(acme):
        content_type = ContentType.objects.get_for_model(User)
        permission = Permission.objects.get(codename="change_profile")
    with within(globex):
        assert content_type.model_class() is User
        assert content_type.permission_set.filter(codename="change_user").exists()
        Permission.objects.create(content_type=content_type, codename="see_user", name="See")
        Group.objects.create(name="Anybody").permissions.add(permission)


def test_deleting_stays_fast(acme, django_assert_num_queries):
    """No receiver of the product listens to deletions, which would make Django load each row that it deletes."""
    with within(acme):
        Session.objects.count()
        with django_assert_num_queries(1):
            Session.objects.all().delete()
