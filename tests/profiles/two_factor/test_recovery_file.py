"""Recovery codes are shown once, with a file to keep them in that names organisation and account."""

from urllib.parse import unquote

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tenants.context import within

PAGE = "/account/2fa/recovery-codes/"


def test_they_are_shown_once_and_the_file_names_organisation_and_account(acme, protected, client):
    with within(acme):
        codes = RecoveryCodes.activate(protected).get_unused_codes()
    assert "Show once" in client.get("/account/2fa/").text
    page = client.get(PAGE)
    assert "no-store" in page["Cache-Control"]
    assert "Recovery codes of reader@acme.example for Acme" in page.text
    assert "acme.localhost" in page.text
    file = unquote(page.text.split("data:text/plain;charset=utf-8,")[1].split('"')[0]).splitlines()
    assert file[:2] == ["Recovery codes of reader@acme.example for Acme", "acme.localhost"]
    assert [line for line in file[3:] if line] == codes

    again = client.get(PAGE).text
    assert not any(code in again for code in codes)
    assert "cannot be shown again" in again
    assert client.get(f"{PAGE}download/").status_code == 403
    assert "Show once" not in client.get("/account/2fa/").text
    client.post(f"{PAGE}generate/")
    assert "You see these codes only now" in client.get(PAGE).text
