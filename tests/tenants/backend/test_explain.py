"""A missing table raises an error that explains the cause."""

from traceback import format_exception

import pytest
from django.db import ProgrammingError, connection, transaction
from procrastinate.exceptions import ConnectorException

from profiles.models import Profile, User
from tenants.context import as_owner, public, within
from tenants.errors import NoTenant, NotMigrated, NotPublic, SchemaIncomplete
from tenants.models import Tenant
from tenants.schemas.spares import top_up_spares
from tests.receivers.models import Article


def test_a_tenants_table_outside_all_tenants(db):
    with pytest.raises(NoTenant, match=r"profiles_user .*within\(tenant\)"), transaction.atomic():
        User.objects.count()


def test_a_query_over_two_tables_outside(db):
    with pytest.raises(NoTenant), transaction.atomic():
        list(User.objects.filter(profile__bio="").select_related("profile"))


def test_a_table_of_public_inside(acme):
    with within(acme), pytest.raises(NotPublic, match=r"tenants_tenant .*public\(\)"), transaction.atomic():
        Tenant.objects.count()


def test_the_job_queue_inside(acme):
    """A plain procrastinate task, not a @tenant_task: the words are below PostgreSQL's error in the
    traceback.
    """
    with within(acme), pytest.raises(ConnectorException) as caught, transaction.atomic():
        top_up_spares.defer()
    words = "".join(format_exception(caught.value))
    assert "The job queue is in the schema public" in words
    assert "current here. Use @tenant_task" in words


def test_what_else_is_unknown_inside_has_nothing_to_do_with_it(acme):
    with within(acme), pytest.raises(ProgrammingError) as caught, transaction.atomic():
        connection.cursor().execute("SELECT 1::no_such_type")
    assert "job queue" not in "".join(format_exception(caught.value))


def test_a_table_between_two_models_outside(db):
    with pytest.raises(NoTenant, match="receivers_article_likes"), transaction.atomic():
        Article.likes.through.objects.count()


def test_a_table_that_a_tenants_schema_lacks(acme):
    said = rf"{acme.schema_name} has no table profiles_profile"
    with as_owner(), within(acme), pytest.raises(SchemaIncomplete, match=said), transaction.atomic():
        connection.cursor().execute("DROP TABLE profiles_profile CASCADE")
        Profile.objects.count()


@pytest.mark.parametrize("inside", [True, False])  # an organisation
def test_an_unknown_table_stays_postgresqls_error(acme, inside):
    with within(acme) if inside else public(), pytest.raises(ProgrammingError) as caught, transaction.atomic():
        connection.cursor().execute("SELECT * FROM no_such_table")
    assert type(caught.value) is ProgrammingError


def test_a_database_before_the_first_migrate(db):
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tenants_tenant RENAME TO elsewhere")
        with pytest.raises(NotMigrated, match=r"manage\.py migrate"), transaction.atomic():
            Tenant.objects.count()
        transaction.set_rollback(True)
