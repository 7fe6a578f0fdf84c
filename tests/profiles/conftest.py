"""What several tests about people share."""

import pytest

from profiles.models import User


@pytest.fixture
def people(owner: User, admin: User, editor: User, reader: User, gone: User) -> dict[str, User]:
    """Everybody at acme, by user name."""
    return {user.username: user for user in (owner, admin, editor, reader, gone)}
