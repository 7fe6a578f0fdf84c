"""What the tests of an organisation's look share."""

import pytest

from profiles.models import User


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def save(media, as_user, django_capture_on_commit_callbacks):
    """Send the form with what is given."""

    def send(user: User, **values: object):
        with django_capture_on_commit_callbacks(execute=True):
            return as_user(user).post("/settings/appearance/", values)

    return send
