"""Two who act at the same moment: an organisation keeps an active owner."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from profiles.members import changes
from profiles.models import User
from profiles.roles import Role
from profiles.testing import SiteClient
from tenants.context import within
from tests.profiles.races import at_once, overtaken

ROUNDS = 20
VERBS: dict[str, Callable[..., None]] = {
    "demote": partial(changes.change_role, role=Role.READER),
    "deactivate": changes.deactivate,
    "remove": changes.remove,
}


@pytest.fixture
def initech(new_tenant):
    return new_tenant("initech")


@transaction.atomic
def two_owners():
    User.objects.all().delete()
    return [User.objects.create_user(name, role=Role.OWNER) for name in ("olga", "otto")]


@pytest.mark.parametrize(
    ("hers", "his", "rounds"),
    [
        ("demote", "remove", 5),
        *(
            pytest.param(hers, his, 20, marks=pytest.mark.slow)
            for hers, his in (*((verb, verb) for verb in VERBS), ("demote", "remove"))
        ),
    ],
)
def test_two_owners_against_each_other_leave_one(initech, hers, his, rounds):
    with within(initech):
        for _ in range(rounds):
            olga, otto = two_owners()
            results = at_once(
                initech,
                partial(VERBS[hers], actor=olga, member=otto),
                partial(VERBS[his], actor=otto, member=olga),
            )
            assert User.objects.owners().count() == 1
            assert {type(result) for result in results} == {type(None), PermissionDenied}


@pytest.mark.slow
def test_two_owners_who_leave_at_once_leave_one(initech):
    with within(initech):
        for _ in range(ROUNDS):
            results = at_once(initech, *(partial(changes.leave, member=owner) for owner in two_owners()))
            assert User.objects.owners().count() == 1
            assert {type(result) for result in results} == {type(None), ValidationError}


@pytest.mark.slow
def test_three_owners_in_a_circle_leave_one_at_least(initech):
    with within(initech):
        for _ in range(ROUNDS):
            olga, otto = two_owners()
            ottilie = User.objects.create_user("ottilie", role=Role.OWNER)
            circle = [(olga, otto), (otto, ottilie), (ottilie, olga)]
            at_once(initech, *(partial(changes.deactivate, actor=a, member=b) for a, b in circle))
            assert User.objects.owners().exists()


def test_admin_demoted_meanwhile_has_lost_the_right(initech):
    with within(initech):
        olga, _ = two_owners()
        admin, reader = User.objects.create_user("adam", role=Role.ADMIN), User.objects.create_user("rita")
        changes.change_role(actor=olga, member=admin, role=Role.READER)
        assert admin.role == Role.ADMIN, "What the admin's own request has loaded is older."
        with pytest.raises(PermissionDenied):
            changes.remove(actor=admin, member=reader)


def test_member_whom_two_remove_at_once_is_gone_for_the_second(initech):
    with within(initech):
        olga, otto = two_owners()
        reader = User.objects.create_user("rita")
        results = at_once(initech, *(partial(changes.remove, actor=actor, member=reader) for actor in (olga, otto)))
        assert {type(result) for result in results} == {type(None), User.DoesNotExist}


def test_page_of_a_member_who_was_removed_meanwhile_says_so(initech):
    with within(initech):
        olga, otto = two_owners()
        reader = User.objects.create_user("rita")
    click = partial(SiteClient(initech).sign_in(olga).post, "/members/rita/remove/")
    response = overtaken(initech, click, by=partial(changes.remove, actor=otto, member=reader))
    assert response.url == "/people/"
    assert "already been removed" in str(response.wsgi_request._messages._queued_messages[0])
