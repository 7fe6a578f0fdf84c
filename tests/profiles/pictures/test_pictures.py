"""Photos on disk, and the addresses that serve them."""

import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from profiles.models import Profile, User
from profiles.pictures.decoding import SIZES
from profiles.pictures.keeping import remove_photo, set_photo
from profiles.testing import SiteClient
from tenants.context import within
from tests.profiles.pictures.made import photograph
from tests.storages import make_media


@pytest.fixture(autouse=True, params=["disk", pytest.param("bucket", marks=pytest.mark.slow)])
def media(request, settings, tmp_path):
    return make_media(request.param, settings, tmp_path)


@pytest.fixture
def stored(media):
    """Names of all files of photos, of all organisations."""
    return lambda: [name for name in media.names() if "/photos/" in name]


@pytest.fixture
def photo_of(acme):
    """Give a person a photo, and get its address."""

    def give(user: User, size: int = 256) -> str:
        with within(acme):
            set_photo(profile=user.profile, upload=photograph())
            return user.profile.photo_url(size)

    return give


@pytest.fixture
def stored_name(acme):
    """The name of a person's photo in the database now."""

    def load(user: User) -> str:
        with within(acme):
            return Profile.objects.values_list("photo", flat=True).get(user=user)

    return load


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """A transaction that ends as a real one does: what waits for its commit is run."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_photo_is_kept_in_three_sizes_under_a_random_name(acme, reader, photo_of, stored, stored_name):
    photo_of(reader)
    name = stored_name(reader)
    folder = f"{acme.schema_name}/{Path(name).parent}"
    assert stored() == [f"{folder}/{size}.webp" for size in (256, 512, 64)]
    assert Path(name).name == "512.webp"
    assert "reader" not in name


def test_picture_is_nothing_of_what_was_uploaded(acme, reader, photo_of, media):
    photo_of(reader)
    for name in media.names():
        side = int(Path(name).stem)
        assert b"Spyglass" not in media.read(name)
        with Image.open(io.BytesIO(media.read(name))) as image:
            assert (image.format, image.size) == ("WEBP", (side, side))


@pytest.mark.parametrize("name", ["me.jpg", "photos/me.jpg"])
def test_with_a_file_that_other_code_has_stored_goes_nothing_else(acme, reader, editor, photo_of, media, commit, name):
    photo_of(editor)
    of_others = media.names()
    with within(acme):
        reader.profile.photo.save(name, ContentFile(b"a photo"))
        assert len(media.names()) == 4
        with commit():
            remove_photo(profile=reader.profile)
    assert media.names() == of_others


def test_replaced_photo_leaves_the_disk_after_commit(acme, reader, photo_of, stored, commit):
    photo_of(reader)
    before = stored()
    with commit():
        photo_of(reader)
        assert set(before) < set(stored())
    assert len(stored()) == 3
    assert not set(before) & set(stored())


@pytest.mark.parametrize("media", ["disk"], indirect=True)
def test_the_folder_of_a_removed_photo_leaves_the_disk_too(acme, reader, photo_of, commit):
    photo_of(reader)
    with commit(), within(acme):
        remove_photo(profile=reader.profile)
    with within(acme):
        assert default_storage.listdir("photos") == ([], [])


def test_removed_photo_leaves_the_disk_after_commit(acme, reader, photo_of, stored, commit):
    photo_of(reader)
    with commit(), within(acme):
        remove_photo(profile=reader.profile)
        assert len(stored()) == 3
    assert stored() == []
    with within(acme):
        assert Profile.objects.get(user=reader).photo_url() == "/people/reader/initials.svg"


def test_photo_of_another_member_stays(acme, reader, editor, photo_of, stored, commit):
    photo_of(editor)
    kept = stored()
    photo_of(reader)
    with commit(), within(acme):
        remove_photo(profile=reader.profile)
    assert stored() == kept


def test_photo_leaves_the_disk_with_its_person(acme, reader, photo_of, stored, commit):
    photo_of(reader)
    with commit(), within(acme):
        User.objects.filter(pk=reader.pk).delete()
        assert len(stored()) == 3
    assert stored() == []


def test_photo_stays_when_the_removal_is_rolled_back(acme, reader, photo_of, stored, commit):
    photo_of(reader)
    with commit(), within(acme), transaction.atomic():
        remove_photo(profile=reader.profile)
        transaction.set_rollback(True)
    assert len(stored()) == 3


def test_new_photo_leaves_the_disk_when_the_transaction_is_rolled_back(acme, reader, stored):
    with within(acme), transaction.atomic():
        set_photo(profile=reader.profile, upload=photograph())
        assert len(stored()) == 3
        transaction.set_rollback(True)
    assert stored() == []


@pytest.mark.parametrize("media", ["disk"], indirect=True)
def test_failure_while_writing_leaves_the_old_photo(acme, reader, photo_of, stored, settings, stored_name):
    photo_of(reader)
    before = stored()
    settings.FILE_UPLOAD_PERMISSIONS = "not a mode"  # Fails after the first file is written.
    with pytest.raises(TypeError):
        photo_of(reader)
    assert stored() == before
    with within(acme):
        assert default_storage.exists(stored_name(reader))


def test_photo_of_a_member_who_is_gone_meanwhile_leaves_nothing(acme, reader, stored):
    with within(acme):
        profile = reader.profile
        User.objects.filter(pk=reader.pk).delete()
        with pytest.raises(Profile.DoesNotExist):
            set_photo(profile=profile, upload=photograph())
    assert stored() == []


def test_what_is_no_picture_leaves_nothing(acme, reader, stored):
    with within(acme), pytest.raises(ValidationError):
        set_photo(profile=reader.profile, upload=b"<svg/>")
    assert stored() == []


def test_the_later_of_two_photos_deletes_the_earlier(acme, reader, stored, commit, stored_name):
    with commit(), within(acme):
        for profile in (Profile.objects.get(user=reader), Profile.objects.get(user=reader)):
            set_photo(profile=profile, upload=photograph())
    assert len(stored()) == 3
    with within(acme):
        assert default_storage.exists(stored_name(reader))


def test_missing_files_are_no_error(acme, reader, photo_of, commit, media):
    photo_of(reader)
    for name in media.names():
        media.drop(name)
    with commit():
        photo_of(reader)


@pytest.mark.parametrize("size", SIZES)
def test_members_see_photos(as_user, reader, editor, photo_of, size):
    url = photo_of(reader, size)
    response = as_user(editor).get(url)
    assert response.status_code == 200
    with Image.open(io.BytesIO(response.getvalue())) as image:
        assert image.size == (size, size)


def test_photo_is_served_as_nothing_but_a_picture_and_kept_by_this_browser_only(as_user, reader, photo_of):
    response = as_user(reader).get(photo_of(reader))
    assert response.getvalue()
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert set(response["Cache-Control"].split(", ")) == {"private", "max-age=31536000", "immutable"}
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "Cookie" in response["Vary"]


def test_photo_that_the_browser_has_is_not_sent_again(as_user, reader, photo_of):
    client, url = as_user(reader), photo_of(reader)
    first = client.get(url)
    assert first.getvalue()
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    other = client.get(url.replace("256", "64"), headers={"If-None-Match": first["ETag"]})
    assert other.getvalue()


def test_photo_is_not_for_visitors(visitor, reader, photo_of):
    url = photo_of(reader)
    assert visitor.get(url)["Location"] == f"/account/login/?next={url}"


def test_photo_is_not_for_the_organisation_next_door(reader, photo_of, globex, stranger, as_user):
    url = photo_of(reader)
    response = as_user(reader).get(url)
    assert response.getvalue()
    client = SiteClient(globex).sign_in(stranger)
    assert client.get(url).status_code == 404
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 404


NO_PATHS = [
    "{key}/63.webp",
    f"{{key}}/{'9' * 300}.webp",
    f"{{key}}/{'9' * 5000}.webp",
    "{key}/64.png",
    "{other}/64.webp",
    "{key}/../{key}/64.webp",
    "..%2f..%2fsecret/64.webp",
    "{key}/..%2f64.webp",
    "{key}%00/64.webp",
]


def test_no_other_path_leads_to_a_file(as_user, reader, photo_of, media):
    browser, key = as_user(reader), photo_of(reader).split("/")[2]
    for path in NO_PATHS:
        assert browser.get("/photos/" + path.format(key=key, other=uuid4())).status_code == 404, path


def test_photos_are_read_and_not_written_by_their_address(as_user, reader, photo_of):
    assert as_user(reader).post(photo_of(reader)).status_code == 405


def test_photo_takes_no_query_beyond_who_is_asking(as_user, reader, photo_of, django_assert_num_queries):
    client, url = as_user(reader), photo_of(reader)
    assert client.get(url).getvalue()
    with django_assert_num_queries(2):
        assert client.get(url).getvalue()


def test_who_has_no_photo_has_drawn_initials(as_user, reader, editor):
    response = as_user(editor).get("/people/reader/initials.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert set(response["Cache-Control"].split(", ")) == {"private", "max-age=300"}
    assert ">RR</text>" in response.content.decode()


def test_initials_are_sent_again_only_when_the_name_has_changed(as_user, reader, acme):
    client, url = as_user(reader), "/people/reader/initials.svg"
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    with within(acme):
        User.objects.filter(pk=reader.pk).update(first_name="Zoe")
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("username", ["nobody", "gone", "%00"])
def test_initials_need_access_to_the_person(as_user, reader, username):
    assert as_user(reader).get(f"/people/{username}/initials.svg").status_code == 404


def test_initials_are_not_for_visitors(visitor):
    assert visitor.get("/people/reader/initials.svg").status_code == 302
