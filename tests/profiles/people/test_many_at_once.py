"""Ten thousand users made at once, as an import makes them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, ProfileUserObjectPermission, User
from tenants.context import within


def ten_thousand() -> list[User]:
    return [User(username=f"new-{number}") for number in range(10_000)]


@pytest.mark.slow
@pytest.mark.parametrize(("ignore_conflicts", "most"), [(False, 3), (True, 5)])
def test_ten_thousand_users_are_made_in_a_handful_of_statements(acme, ignore_conflicts, most):
    with within(acme):
        User.objects.count()
        with CaptureQueriesContext(connection) as queries:
            User.objects.bulk_create(ten_thousand(), ignore_conflicts=ignore_conflicts)
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == most
        assert Profile.objects.count() == ProfileUserObjectPermission.objects.count() == 10_005
