"""What the tests of two-factor sign-in share."""

import pytest
from allauth.mfa.models import Authenticator

from profiles.models import User
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.two_factor.codes import SECRET


@pytest.fixture
def protected(acme: Tenant, reader: User) -> User:
    """The reader, with two-factor sign-in on."""
    with within(acme):
        Authenticator.objects.create(user=reader, type="totp", data={"secret": SECRET})
    return reader
