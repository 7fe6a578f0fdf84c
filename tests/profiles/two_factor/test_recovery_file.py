"""The file of recovery codes, found again in a folder of downloads."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tenants.context import within


def test_page_that_is_printed_names_them_too(acme, protected, client):
    with within(acme):
        RecoveryCodes.activate(protected)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    assert "Recovery codes of reader@acme.example for Acme" in page
    assert "acme.localhost" in page


def test_file_names_organisation_and_account(acme, protected, client):
    with within(acme):
        RecoveryCodes.activate(protected)
        assert Authenticator.objects.filter(user=protected).count() == 2
    lines = client.get("/account/2fa/recovery-codes/download/").content.decode().splitlines()
    assert lines[:2] == ["Recovery codes of reader@acme.example for Acme", "acme.localhost"]
    assert len([line for line in lines[3:] if line]) == 10
