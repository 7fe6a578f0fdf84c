"""Who has the right."""

import pytest

from profiles.admin.rights import opens_admin
from profiles.models import User
from profiles.roles import Role


@pytest.mark.parametrize("role", Role.values)
def test_right_is_for_these_roles(role):
    assert opens_admin(User(role=role)) is (role in ["owner", "admin"])


def test_deactivated_owner_has_it_no_more():
    assert not opens_admin(User(role="owner", is_active=False))
