"""Every view asks for a sign-in, but for those that are named here."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from profiles.testing import facts
from shared import site_urls

# On the public site every page is open, since it has no people. In an organisation, those that its apps name.
TABLE = "open_addresses.txt"


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
    middleware = [import_string(name) for name in settings.MIDDLEWARE]
    assert any(isinstance(each, type) and issubclass(each, LoginRequiredMiddleware) for each in middleware)


def test_only_the_named_views_of_an_organisation_are_open(organisation):
    """No name is listed either that is not open: the next one could slip through there."""
    listed = facts.names(TABLE)
    opened = {pattern.name for pattern in organisation if is_open(pattern)}
    missing = [
        f"{name} asks for no sign-in. If it must not, name it in its app's testing/{TABLE}."
        for name in sorted(opened - set(listed))
    ]
    gone = [f"{file} names {name}, which is no open address." for name, file in listed.items() if name not in opened]
    assert not missing + gone, "\n".join(missing + gone)


def test_the_public_site_is_open():
    closed = [
        pattern.name
        for pattern in views(get_resolver(settings.PUBLIC_SCHEMA_URLCONF).url_patterns)
        if not is_open(pattern)
    ]
    assert closed == []


def test_both_site_maps_share_no_view(organisation):
    """But for what programs ask any site for, which is told apart by the request's tenant."""
    public = {pattern.callback for pattern in views(get_resolver(settings.PUBLIC_SCHEMA_URLCONF).url_patterns)}
    shared = {pattern.callback for pattern in site_urls.urlpatterns}
    assert public & {pattern.callback for pattern in organisation} == shared
