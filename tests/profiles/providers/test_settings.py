"""Providers are set up by the environment, whole or not at all; without them there is no button."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from profiles.providers.apps import ProvidersConfig
from profiles.providers.checks import check_providers
from profiles.providers.offered import configured, offered
from tenants.context import within

GOOGLE = {"GOOGLE_CLIENT_ID": "g", "GOOGLE_CLIENT_SECRET": "s"}
OIDC = {"OIDC_CLIENT_ID": "o", "OIDC_CLIENT_SECRET": "s", "OIDC_ISSUER": "https://id.example", "OIDC_NAME": "Example"}


def use(monkeypatch: Any, settings: Any, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.PROVIDERS = ProvidersConfig.settings(Env())["PROVIDERS"]


def test_without_settings_there_is_no_button_and_no_address(acme, visitor, settings, monkeypatch):
    use(monkeypatch, settings)
    assert configured() == {}
    assert "/account/providers/" not in visitor.get("/account/login/").text
    assert visitor.get("/account/providers/google/").url == "/account/login/"
    assert check_providers() == []


def test_each_that_is_set_up_has_its_button_but_a_sandbox_has_none(
    acme, reader, visitor, as_user, settings, monkeypatch
):
    use(monkeypatch, settings, **GOOGLE, **OIDC)
    page = visitor.get("/account/login/?next=/people/").text
    assert [f"Sign in with {name}" in page for name in ("Google", "Microsoft", "GitHub", "Example")] == [
        *(True, False, False, True)
    ]
    assert 'href="/account/providers/google/?next=/people/"' in page
    assert "Linked accounts" in as_user(reader).get("/account/providers/").text
    acme.is_sandbox = True
    with within(acme):
        assert offered() == {}


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({"GOOGLE_CLIENT_ID": "g"}, "GOOGLE_CLIENT_SECRET is empty"),
        ({"GITHUB_CLIENT_SECRET": "s"}, "GITHUB_CLIENT_ID is empty"),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET is empty"),
        ({"OIDC_CLIENT_ID": "o", "OIDC_CLIENT_SECRET": "s"}, "OIDC_ISSUER is empty"),
    ],
)
def test_what_is_set_up_by_half_is_an_error_and_no_button(settings, monkeypatch, variables, missing):
    use(monkeypatch, settings, **variables)
    (error,) = check_providers()
    assert missing in error.msg
    assert configured() == {}


@pytest.mark.parametrize(
    "variables",
    [
        {"MICROSOFT_TENANT": "contoso.example"},
        {"ENVIRONMENT": "production", "OIDC_ISSUER": "http://id.example"},
        {"ENVIRONMENT": "production", "GITHUB_URL": "http://github.example"},
    ],
)
def test_what_cannot_be_right_stops_the_start(monkeypatch, settings, variables):
    with pytest.raises(ImproperlyConfigured):
        use(monkeypatch, settings, **variables)


def test_addresses_that_are_entered_at_the_providers(settings, monkeypatch):
    use(
        monkeypatch,
        settings,
        **OIDC,
        MICROSOFT_CLIENT_ID="m",
        MICROSOFT_CLIENT_SECRET="s",
        MICROSOFT_TENANT="consumers",
    )
    found = configured()
    assert found["oidc"].callback == "http://localhost:8000/providers/oidc/callback/"
    assert found["microsoft"].issuer == "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"  # type: ignore[attr-defined]
