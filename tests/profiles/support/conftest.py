"""A visit of support."""

import pytest

from profiles.testing import SiteClient
from tests.profiles.support.entering import enter


@pytest.fixture
def visit(acme, operator) -> SiteClient:
    """The operator's browser on acme's host, signed in as Rita."""
    return enter(acme, operator)
