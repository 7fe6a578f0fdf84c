"""tenant_receiver: what it guarantees to receivers."""

import gc
from collections.abc import Iterator
from importlib import import_module, reload

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal

from profiles.models import User
from tenants.context import current, required, within
from tenants.errors import NoTenant
from tenants.models import Tenant
from tenants.signals import tenant_receiver
from tests.receivers.conftest import signals_as_they_were
from tests.receivers.models import Article, Cart
from tests.tenants.where import owners_address

happened = Signal()


@pytest.fixture(autouse=True)
def only_for_this_test() -> Iterator[None]:
    with signals_as_they_were(pre_save, post_save, pre_delete, post_delete, m2m_changed, happened):
        yield


@pytest.fixture
def seen() -> list[str]:
    return []


def test_it_runs_in_the_tenant_of_the_instance(acme, globex, seen):
    @tenant_receiver(happened)
    def note(sender, instance, **kwargs) -> None:
        seen.append(owners_address())

    with within(acme):
        user = User.objects.get(pk=2)
    happened.send(User, instance=user)
    with within(globex):
        happened.send(User, instance=user)
        assert current() == globex
    assert seen == ["owner@acme.example"] * 2
    assert current() is None


def test_it_runs_where_one_is_for_signals_without_an_instance(acme, seen):
    @tenant_receiver(happened)
    def note(sender, **kwargs) -> None:
        seen.append(required().slug)

    with within(acme):
        happened.send(None, user="anybody")
    assert seen == ["acme"]


def test_outside_all_organisations_it_refuses(db, seen):
    @tenant_receiver(happened)
    def note(sender, **kwargs) -> None:
        seen.append("called")

    with pytest.raises(NoTenant, match=r"note was called outside .*within\(tenant\)"):
        happened.send(None)
    assert seen == []


def test_an_error_reaches_the_one_who_saves_and_leaves_the_tenant(acme):
    @tenant_receiver(post_save, sender=Group)
    def refuse(sender, **kwargs) -> None:
        raise LookupError

    with within(acme), pytest.raises(LookupError), transaction.atomic():
        Group.objects.create(name="Choir")
    assert current() is None
    with within(acme):
        assert not Group.objects.exists()


def test_importing_it_twice_registers_it_once(acme):
    module = import_module("tests.receivers.receivers")
    reload(reload(module))
    with within(acme):
        User.objects.create_user("nora")
        assert Cart.objects.count() == 1


def test_fixtures_bring_their_own_rows(acme, seen, tmp_path):
    @tenant_receiver([pre_save, post_save], sender=Group)
    def note(sender, **kwargs) -> None:
        seen.append("called")

    with within(acme):
        fixture = tmp_path / "groups.json"
        fixture.write_text(serializers.serialize("json", [Group(id=900, name="Choir")]))
        call_command("loaddata", fixture, verbosity=0)
        group = Group.objects.get(pk=900)
        assert seen == []
        group.save()
    assert seen == ["called", "called"]


def test_it_lives_as_long_as_the_process(acme, seen):
    """Django's receivers are weak: one that is defined in a function would be gone at once."""

    def connect() -> None:
        @tenant_receiver(happened)
        def note(sender, **kwargs) -> None:
            seen.append("called")

    connect()
    gc.collect()
    with within(acme):
        happened.send(None)
    assert seen == ["called"]


@pytest.mark.parametrize("sender", ["auth.Group", Group])
def test_a_sender_is_a_model_or_its_name(acme, seen, sender):
    @tenant_receiver((post_save, post_delete), sender=sender)
    def note(sender, instance, **kwargs) -> None:
        seen.append(instance.name)

    with within(acme):
        Group.objects.create(name="Choir").delete()
        User.objects.get(pk=1).save()
    assert seen == ["Choir", "Choir"]


def test_changes_of_a_many_to_many_relation(acme, seen):
    @tenant_receiver(m2m_changed, sender=Article.likes.through)
    def note(sender, instance, action, **kwargs) -> None:
        seen.append(f"{instance.username} {action}")

    with within(acme):
        User.objects.get(pk=1).liked.add(Article.objects.create(author_id=1, title="Peace"))
    assert seen == ["owner pre_add", "owner post_add"]


def test_methods_can_receive(acme, seen):
    class Notes:
        @tenant_receiver(happened)
        @staticmethod
        def note(*args, **kwargs) -> None:  # noqa: ARG004  what a signal sends
            seen.append("static")

        def note_too(self, *args, **kwargs) -> None:
            seen.append("bound")

    tenant_receiver(happened)(Notes().note_too)
    with within(acme):
        happened.send(None)
    assert seen == ["static", "bound"]


def test_coroutines_can_receive(acme, globex, seen):
    @tenant_receiver(happened)
    async def note(sender, **kwargs) -> None:
        seen.append(await sync_to_async(owners_address)())

    with within(acme):
        happened.send(None)
        happened.send(None, raw=True)
    assert seen == ["owner@acme.example"]
    with pytest.raises(NoTenant):
        happened.send(None)


def test_the_function_stays_what_it_was(db, seen):
    @tenant_receiver(happened)
    def note(sender, **kwargs) -> str:
        return "called by hand"

    assert note(None) == "called by hand"


def test_a_tenant_that_is_gone_is_an_error(acme, globex):
    @tenant_receiver(happened)
    def note(sender, instance, **kwargs) -> None:
        raise AssertionError("never called")

    with within(acme):
        user = User.objects.get(pk=1)
    user._state.schema_name = "t_gone00000000000"
    with within(globex), pytest.raises(Tenant.DoesNotExist):
        happened.send(User, instance=user)
