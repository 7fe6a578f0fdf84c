"""Every view asks for a sign-in, but for those that are named here."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

# On the public site every page is open, since nobody is signed in there. In an organisation, these.
OPEN = {
    "accept_invitation",
    "hand_off",
    "logo",
    # allauth's own, which are about signing in
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}


def views(patterns: list) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield pattern


def is_open(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


@pytest.fixture(scope="module")
def organisation() -> list[URLPattern]:
    return list(views(get_resolver(settings.ROOT_URLCONF).url_patterns))


def test_the_middleware_that_asks_is_there():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


def test_only_the_named_views_of_an_organisation_are_open(organisation):
    assert {pattern.name for pattern in organisation if is_open(pattern)} <= OPEN


def test_no_name_is_listed_that_is_not_open(organisation):
    """A list that is longer than it has to be would let the next one slip through."""
    opened = {pattern.name for pattern in organisation if is_open(pattern)}
    assert OPEN - opened == set()


def test_the_public_site_is_open():
    closed = [
        pattern.name
        for pattern in views(get_resolver(settings.PUBLIC_SCHEMA_URLCONF).url_patterns)
        if not is_open(pattern)
    ]
    assert closed == []


def test_both_site_maps_share_no_view(organisation):
    public = {pattern.callback for pattern in views(get_resolver(settings.PUBLIC_SCHEMA_URLCONF).url_patterns)}
    assert not public & {pattern.callback for pattern in organisation}
