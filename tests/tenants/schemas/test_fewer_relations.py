"""Organisations of the release before lose the tables and indexes that nothing reads, and none of their rows."""

import pytest
from django.core.management import call_command

from profiles.models import Profile, ProfileUserObjectPermission, User
from tenants.context import within
from tests.tenants.likeness import contents
from tests.tenants.migrating import assert_all_equal_the_template, migrate, sql

OLD = ["guardian_userobjectpermission", "profiles_user_groups", "profiles_user_user_permissions"]
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY('{%s}')"
TWIN = "CREATE INDEX auth_group_name_a6ea08ec_like ON auth_group (name varchar_pattern_ops)"


def permissions() -> list[tuple[int, ...]]:
    return list(
        ProfileUserObjectPermission.objects.order_by("user").values_list("user", "permission", "content_object")
    )


@pytest.mark.slow
def test_organisations_of_the_release_before_are_brought_along(acme, globex):
    with within(acme):
        whose = permissions()
        Profile.objects.filter(user__username="reader").update(location="Porto")
    today = contents(globex)
    migrate("profiles", "0002")
    for tenant in (acme, globex):
        assert {name for (name,) in sql(tenant, TABLES % ",".join(OLD))} == set(OLD)
        sql(tenant, TWIN)
    migrate()
    assert_all_equal_the_template()
    call_command("check_schemas")
    # Rows of django_migrations have new numbers.
    assert {kind: rows for kind, rows in contents(globex).items() if rows != today[kind]}.keys() <= {
        "migrations",
        "positions of sequences",
    }
    with within(acme):
        assert [member.username for member in User.objects.search("porto")] == ["reader"]
        assert len(whose) == 5
        assert permissions() == whose
