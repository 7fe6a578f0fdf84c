"""Who has the right."""

import pytest

from profiles.models import User
from profiles.roles import Role
from profiles.welcome.rights import edits_welcome


@pytest.mark.parametrize("role", Role.values)
def test_right_is_for_these_roles(role):
    assert edits_welcome(User(role=role)) is (role in ["owner", "admin", "editor"])


def test_deactivated_owner_has_it_no_more():
    assert not edits_welcome(User(role="owner", is_active=False))
