"""A directory that acts in the same moment as an owner: one comes after the other."""

from functools import partial

import pytest

from profiles.members import changes
from profiles.models import User
from tenants.context import within
from tests.profiles.races import meet
from tests.profiles.scim.conftest import Provisioner, connect


@pytest.mark.slow
def test_member_changed_by_a_directory_while_an_owner_removes_them_is_gone(new_tenant):
    initech = new_tenant("initech")
    entra = Provisioner(initech, connect(initech))
    with within(initech):
        owner, reader = User.objects.get(role="owner"), User.objects.create_user("rita")
        renamed = {"op": "replace", "path": "name.familyName", "value": "Rader"}
        deactivated = {"op": "replace", "path": "active", "value": False}
        change = partial(entra.change, f"Users/{reader.pk}", renamed, deactivated)
        remove = partial(changes.remove, actor=owner, member=reader)
        assert meet(initech, reader, change, remove).status_code == 404


def test_two_changes_of_a_directory_lose_neither(new_tenant):
    initech = new_tenant("initech")
    entra, okta = Provisioner(initech, text := connect(initech)), Provisioner(initech, text)
    with within(initech):
        reader = User.objects.create_user("rita", first_name="Rita", last_name="Reader")
        first, second = (
            partial(each.change, f"Users/{reader.pk}", {"op": "replace", "path": path, "value": "Changed"})
            for each, path in ((entra, "name.givenName"), (okta, "name.familyName"))
        )
        assert meet(initech, reader, first, second).status_code == 200
        reader.refresh_from_db()
        assert (reader.first_name, reader.last_name) == ("Changed", "Changed")
