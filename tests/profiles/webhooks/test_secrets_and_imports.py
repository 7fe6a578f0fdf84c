"""Webhooks where a key is replaced, where an organisation is imported, and where a session is stolen."""

from io import StringIO

import pytest
from django.core.management import call_command

from profiles.testing import SiteClient, needs, person
from profiles.webhooks import signing
from profiles.webhooks.models import Endpoint
from shared.encryption import current_prefix
from tenants.context import within
from tenants.models import Tenant
from tests.tenants.commands import run

OLD, NEW = "an older key " * 5, "a new key of these " * 5


def test_their_secrets_move_to_the_new_key(acme, settings):
    settings.ENCRYPTION_KEYS = [OLD]
    with within(acme):
        endpoint = Endpoint.objects.create(url="https://receiver.example/", secret=signing.new())
        secret = signing.read(endpoint.secret)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("reencrypt_secrets", stdout=(said := StringIO()))
    assert "Secrets encrypted anew: 1" in said.getvalue()
    settings.ENCRYPTION_KEYS = [NEW]
    with within(acme):
        endpoint.refresh_from_db()
        assert endpoint.secret.startswith(current_prefix())
        assert signing.read(endpoint.secret) == secret


@needs("profiles.exports", "profiles.notices")
def test_an_imported_organisation_sends_nothing_until_an_owner_has_looked(acme, tmp_path):
    with within(acme):
        Endpoint.objects.create(url="https://receiver.example/", secret=signing.new())
    file = str(tmp_path / "acme.zip")
    run("export_organisation", "acme", output=file)
    run("import_organisation", file, slug="again", tell_owners=True)
    with within(Tenant.objects.get(slug="again")):
        assert not Endpoint.objects.get().is_active
    with within(acme):
        assert Endpoint.objects.get().is_active
    again = Tenant.objects.get(slug="again")
    browser = SiteClient(again).sign_in(person(again, "owner"))
    assert "has been imported" in browser.get("/notices/").content.decode()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("new/", {"url": "https://thief.example/", "events": "*", "is_active": "on"}),
        ("{pk}/edit/", {"url": "https://thief.example/", "events": "*", "is_active": "on"}),
        ("{pk}/secret/", None),
    ],
)
def test_a_stolen_session_neither_sends_events_elsewhere_nor_reads_the_secret(acme, as_user, admin, path, form):
    with within(acme):
        endpoint = Endpoint.objects.create(url="https://receiver.example/", secret=signing.new())
    browser, address = as_user(admin), f"/settings/webhooks/{path.format(pk=endpoint.pk)}"
    answer = browser.post(address, form) if form else browser.get(address)
    assert answer.url.startswith("/account/reauthenticate/")
    with within(acme):
        assert [each.url for each in Endpoint.objects.all()] == ["https://receiver.example/"]
