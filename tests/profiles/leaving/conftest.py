"""What the tests of leaving share."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from profiles.leaving.ending import end_departures
from profiles.leaving.models import Departure
from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import public, within


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def browser(as_user, owner) -> SiteClient:
    """The owner's, where the password was given a moment ago."""
    return as_user(owner).give_password()


@pytest.fixture
def second_owner(acme) -> User:
    with within(acme):
        User.objects.filter(username="admin").update(role="owner")
        return User.objects.get(username="admin")


@pytest.fixture
def leaving(acme, browser, run_jobs, mailoutbox) -> Departure:
    """acme, which its owner has deleted; the mails of that are sent, and forgotten."""
    assert browser.post("/settings/delete/", {"slug": "acme"}).status_code == 302
    run_jobs()
    with public():
        return Departure.objects.get(tenant=acme)


@pytest.fixture
def an_hour_before() -> Callable[[float], None]:
    """Do what is done each hour, when so many days are left."""

    def run(days: float) -> None:
        with public():
            due = timezone.now() + timedelta(days=days)
            Departure.objects.update(due=due, asked=due - timedelta(days=30))
        end_departures.func()

    return run
