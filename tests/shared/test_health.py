"""The health page."""

from django.test import Client
from django.utils import timezone

from tenants.models import Tenant


def test_healthy_process_says_ok(public_client):
    response = public_client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Content-Type"].startswith("text/plain")


def test_it_asks_the_database(public_client, django_assert_num_queries):
    public_client.get("/health/")
    with django_assert_num_queries(1):
        public_client.get("/health/")


def test_it_needs_no_template_schema(public_client):
    Tenant.objects.filter(state=Tenant.State.TEMPLATE).update(fingerprint="", created=timezone.now())
    assert public_client.get("/health/").status_code == 200


def test_process_without_a_database_is_not_healthy():
    """A test that has not asked for the database is refused each connection, as by a server that is down."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    assert client.get("/health/").status_code == 500
