"""Two who change groups in the same moment."""

from functools import partial

from profiles.groups import changes
from profiles.groups.models import Group
from profiles.models import User
from profiles.roles import Role
from tenants.context import within
from tests.profiles.races import meet


def test_two_admins_who_put_each_other_into_groups_are_both_in_one(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        adam, anna = (User.objects.create_user(name, role=Role.ADMIN) for name in ("adam", "anna"))
        first, second = (Group.objects.create(name=name) for name in ("First", "Second"))
        add_adam = partial(changes.add, actor=anna, group=first, members=[adam.pk])
        add_anna = partial(changes.add, actor=adam, group=second, members=[anna.pk])
        assert meet(initech, adam, add_adam, add_anna) == [adam]
        assert [*second.members.all()] == [anna]
