"""A bucket that refuses, hangs, forbids or fails: people are told that files cannot be reached, and no page is 500."""

import logging
from collections.abc import Iterator

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from profiles.models import Profile, User
from profiles.testing import needs
from tenants.context import within
from tenants.errors import StorageUnavailable
from tenants.storage import NOT_STORED
from tests.daily import part_each_day
from tests.profiles.people.editing import FILLED, PATH, errors, upload
from tests.profiles.pictures.made import photograph
from tests.storages import make_media
from tests.tenants.object_storage.broken import SILENT, WAYS, serving, storage_at

KEY = "5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1"
PHOTO = f"photos/{KEY}/512.webp"


@pytest.fixture
def way(request, settings, tmp_path) -> Iterator[str]:
    make_media("bucket", settings, tmp_path)  # It skips where the app is not installed.
    with serving(request.param) as endpoint:
        settings.STORAGES = settings.STORAGES | {"default": storage_at(endpoint)}
        yield request.param


any_way = pytest.mark.parametrize("way", part_each_day(WAYS, days=2), indirect=True)
silent = pytest.mark.parametrize("way", part_each_day(SILENT, days=2), indirect=True)


@pytest.fixture
def with_photo(acme, reader: User) -> User:
    with within(acme):
        Profile.objects.filter(user=reader).update(photo=PHOTO)
    return reader


def said_once(caplog) -> bool:
    """In one line above INFO that operators see."""
    return len([each for each in caplog.records if each.levelno >= logging.WARNING]) == 1


@pytest.mark.slow
@silent
def test_every_method_says_that_the_storage_is_unavailable(way, acme):
    asked = [
        lambda: default_storage.open("a.txt"),
        lambda: default_storage.exists("a.txt"),
        lambda: default_storage.size("a.txt"),
        lambda: default_storage.get_modified_time("a.txt"),
        lambda: default_storage.listdir("a"),
        lambda: default_storage.delete("a.txt"),
    ]
    failed = 0
    with within(acme):
        for ask in asked:
            try:
                ask()
            except StorageUnavailable:
                failed += 1
    assert failed == len(asked)


@pytest.mark.parametrize("way", ["garbled"], indirect=True)
def test_answer_that_is_not_of_s3_is_none(way, acme):
    with within(acme), pytest.raises(StorageUnavailable):
        default_storage.listdir("photos")


@any_way
def test_photo_is_drawn_and_503(way, as_user, owner, with_photo, caplog):
    answer = as_user(owner).get(f"/photos/{KEY}/64.webp")
    assert (answer.status_code, answer["Content-Type"]) == (503, "image/svg+xml")
    assert with_photo.name in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert said_once(caplog)


@any_way
def test_logo_is_drawn_and_503(way, acme, visitor, caplog):
    answer = visitor.get(f"/logo/{KEY}-10x10.webp")
    assert (answer.status_code, answer["Content-Type"]) == (503, "image/svg+xml")
    assert said_once(caplog)


@silent
def test_upload_is_refused_in_words_and_the_form_kept(way, as_user, reader, acme):
    page = as_user(reader).post(PATH, FILLED | {"first_name": "Margarita", "photo": upload(photograph())})
    assert errors(page)["photo"] == [str(NOT_STORED)]
    assert 'value="Margarita"' in page.text


@silent
def test_photo_can_be_removed(way, as_user, with_photo, acme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_user(with_photo).post(PATH, FILLED | {"photo-clear": "on"})
    assert answer.status_code == 302
    with within(acme):
        assert not Profile.objects.get(user=with_photo).photo


@silent
@needs("profiles.exports")
def test_pages_of_exports_say_it(way, as_user, owner):
    client = as_user(owner)
    client.raise_request_exception = False
    page = client.get(reverse("organisation_export"))
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "We cannot reach our file storage right now" in page.text
