"""What several tests about people share."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress

from profiles.models import User
from profiles.testing import SiteClient, person
from profiles.testing.matrix import as_operators
from tenants.context import within
from tenants.models import Tenant


@pytest.fixture
def people(owner: User, admin: User, editor: User, reader: User, gone: User) -> dict[str, User]:
    """Everyone at acme, by username."""
    return {user.username: user for user in (owner, admin, editor, reader, gone)}


@pytest.fixture
def verified(acme: Tenant, reader: User) -> User:
    """The reader, whose address is verified."""
    with within(acme):
        EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)
    return reader


@pytest.fixture
def client(verified: User, as_user: Callable[[User], SiteClient]) -> SiteClient:
    """The reader's browser, with a verified address, where the password was given a moment ago."""
    return as_user(verified).give_password()


@pytest.fixture
def staff(globex: Tenant) -> Tenant:
    """Globex as the operators' organisation; acme is a customer."""
    return as_operators(globex)


@pytest.fixture
def operator(staff: Tenant) -> SiteClient:
    """The owner of the operators' organisation, at work in the console."""
    return SiteClient(staff).sign_in(person(staff, "owner")).give_password()
