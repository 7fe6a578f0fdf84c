"""Globex as the operators' organisation: Olga, its owner, is an operator there, and acme is a customer."""

import pytest

from profiles.testing import SiteClient, person
from profiles.testing.matrix import as_operators
from tenants.models import Tenant


@pytest.fixture
def staff(globex: Tenant) -> Tenant:
    return as_operators(globex)


@pytest.fixture
def operator(staff: Tenant) -> SiteClient:
    """The owner of the operators' organisation, at work in the console."""
    return SiteClient(staff).sign_in(person(staff, "owner")).give_password()
