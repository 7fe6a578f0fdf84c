"""Production's cookies and settings, as the environment makes them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "ENVIRONMENT": "production",
    "BASE_URL": "https://tenantry.example",
    "SECRET_KEY": "0123456789abcdefghij" * 4,
    "DATABASE_URL": "postgres://tenantry@db.invalid/tenantry",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}
NAMES = [
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_DOMAIN",
    "CSRF_COOKIE_PATH",
    "CSRF_COOKIE_SAMESITE",
    "MESSAGE_COOKIE_NAME",
    "CSRF_TRUSTED_ORIGINS",
    "LANGUAGE_COOKIE_DOMAIN",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "USE_X_FORWARDED_HOST",
    "DEBUG",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
]


def in_production(*arguments: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def production() -> dict:
    read = f"{{name: getattr(settings, name) for name in {NAMES}}}"
    code = f"import json; from django.conf import settings; print(json.dumps({read}))"
    return json.loads(in_production("-c", code).stdout)


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF"])
def test_cookies_belong_to_one_host(production: dict, cookie: str) -> None:
    """Browsers keep no cookie of that prefix that is not secure, for the path /, and without a domain.

    https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
    """
    assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert production[f"{cookie}_COOKIE_SECURE"] is production[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert production[f"{cookie}_COOKIE_DOMAIN"] is None
    assert production[f"{cookie}_COOKIE_PATH"] == "/"
    assert production[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert production["MESSAGE_COOKIE_NAME"].startswith("__Host-")


def test_no_other_host_is_trusted(production: dict) -> None:
    assert production["CSRF_TRUSTED_ORIGINS"] == []
    assert production["USE_X_FORWARDED_HOST"] is False


def test_everything_is_by_https(production: dict) -> None:
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["DEBUG"] is False


def test_one_proxy_is_believed(production: dict) -> None:
    assert production["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


@pytest.mark.slow
def test_check_deploy_finds_nothing() -> None:
    answer = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout
