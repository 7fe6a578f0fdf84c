"""A group's permission on an object, by guardian, for a model as a product's app has it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from guardian import shortcuts
from guardian.models import UserObjectPermissionBase
from guardian.shortcuts import assign_perm, get_objects_for_user, get_perms, get_users_with_perms, remove_perm

from profiles.groups.models import Group, GroupPermission, Membership
from profiles.models import User
from tenants.context import as_owner, within
from tenants.models import Tenant

LABEL = "receivers"  # an app that only tests have


def forget() -> None:
    """What Django and guardian keep of content types for ever."""
    ContentType.objects.clear_cache()
    shortcuts._get_ct_cached.cache_clear()


@pytest.fixture
def board_model(acme: Tenant) -> Iterator[Any]:
    """A model with permissions of users and of groups on its objects, in acme, for as long as the test runs."""

    class Board(models.Model):
        class Meta:
            app_label = LABEL

        def __str__(self) -> str:
            return "board"

    class BoardPermission(UserObjectPermissionBase):
        content_object = models.ForeignKey(Board, models.CASCADE)

        class Meta(UserObjectPermissionBase.Meta):
            app_label = LABEL

    class BoardGroupPermission(GroupPermission):
        content_object = models.ForeignKey(Board, models.CASCADE)

        class Meta(GroupPermission.Meta):
            app_label = LABEL

    made = (Board, BoardPermission, BoardGroupPermission)
    with as_owner(), within(acme):
        with connection.schema_editor() as editor:
            for model in made:
                editor.create_model(model)
        kind = ContentType.objects.create(app_label=LABEL, model="board")
        Permission.objects.create(content_type=kind, codename="change_board", name="Can change board")
        forget()
        yield Board
    for model in made:
        del apps.all_models[LABEL][model._meta.model_name or ""]
    apps.clear_cache()
    forget()


def test_a_group_has_a_permission_on_one_object(board_model: Any, editor: User, reader: User) -> None:
    group = Group.objects.create(name="Rocketry")
    Membership.objects.create(group=group, user=editor)
    board, other = board_model.objects.create(), board_model.objects.create()
    assign_perm("change_board", group, board)

    assert editor.has_perm("receivers.change_board", board)
    assert not editor.has_perm("receivers.change_board", other)
    assert not reader.has_perm("receivers.change_board", board)
    assert list(get_objects_for_user(editor, "receivers.change_board", board_model)) == [board]
    assert list(get_objects_for_user(reader, "receivers.change_board", board_model)) == []
    assert get_perms(group, board) == ["change_board"]
    assert list(get_users_with_perms(board)) == [editor]

    remove_perm("change_board", group, board)
    assert not User.objects.get(pk=editor.pk).has_perm("receivers.change_board", board)


def test_the_permission_ends_with_membership_group_and_object(board_model: Any, editor: User) -> None:
    group = Group.objects.create(name="Rocketry")
    Membership.objects.create(group=group, user=editor)
    board = board_model.objects.create()
    assign_perm("change_board", group, board)
    Membership.objects.all().delete()
    assert list(get_objects_for_user(editor, "receivers.change_board", board_model)) == []
    permissions = board_model.boardgrouppermission_set.rel.related_model.objects
    group.delete()
    assert not permissions.exists()


def test_models_without_such_permissions_are_not_asked(acme: Tenant, editor: User, reader: User) -> None:
    """Nor is a table that is not there: guardian's own answers about a profile stay what they were."""
    with within(acme):
        Membership.objects.create(group=Group.objects.create(name="Rocketry"), user=editor)
        with CaptureQueriesContext(connection) as captured:
            assert editor.has_perm("profiles.change_profile", editor.profile)
            assert not editor.has_perm("profiles.change_profile", reader.profile)
            profiles: Any = get_objects_for_user(editor, "profiles.change_profile")
            assert [profile.user_id for profile in profiles] == [editor.pk]
    assert not [query for query in captured if "nogeneric" in query["sql"]]
