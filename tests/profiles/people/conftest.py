"""Rita, the reader, and her own profile."""

import pytest

from profiles.models import Profile
from tenants.context import within


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def rita(as_user, reader, media):
    """A browser where Rita, the reader, is signed in."""
    return as_user(reader)


@pytest.fixture
def stored(acme, reader):
    """Rita's profile as it is in the database now."""

    def load() -> Profile:
        with within(acme):
            return Profile.objects.select_related("user").get(user=reader)

    return load
