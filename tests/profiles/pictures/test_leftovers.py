"""Files that no row names are swept; all others stay."""

import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from profiles.pictures import sweep
from profiles.pictures.keeping import keep_pictures
from profiles.pictures.logos import keep_logo
from tenants.cleaning import clean_up
from tenants.context import within
from tests.storages import make_media

LEFT = ["photos/left/512.webp", "logo/left.webp"]
NOW = timedelta(0)


@pytest.fixture(autouse=True, params=["disk", pytest.param("bucket", marks=pytest.mark.slow)])
def media(request, settings, tmp_path):
    return make_media(request.param, settings, tmp_path)


@pytest.fixture
def files(media):
    """The names of all files, by organisation."""
    return lambda tenant: {name for name in media.names() if name.startswith(f"{tenant.schema_name}/")}


@pytest.fixture
def leave_behind(media):
    """What a killed process leaves."""

    def leave(tenant, *, hours):
        for name in LEFT:
            with within(tenant):
                default_storage.save(name, ContentFile(b"left"))
            media.date(tenant, name, time.time() - hours * 3600)

    return leave


@pytest.fixture
def pictures(acme, globex, owner, stranger, files):
    """Each organisation has a photo and a logo that rows name."""
    for tenant, member in ((acme, owner), (globex, stranger)):
        with within(tenant):
            keep_pictures(profile=member.profile, pictures={64: b"small", 512: b"large"})
            keep_logo(b"logo")
    return files(acme) | files(globex)


def test_what_is_left_goes_and_what_is_named_stays(acme, globex, pictures, files, leave_behind):
    leave_behind(acme, hours=25)
    leave_behind(globex, hours=25)
    with within(acme):
        assert sweep.sweep() == 2
        assert default_storage.listdir("photos")[0] != ["left"]
        assert not default_storage.exists("photos/left")
    assert files(acme) | files(globex) == pictures | {f"{globex.schema_name}/{name}" for name in LEFT}


def test_a_photo_that_other_code_has_stored_stays(acme, reader, files):
    with within(acme):
        reader.profile.photo.save("photos/me.jpg", ContentFile(b"a photo"))
        assert sweep.sweep(older_than=NOW) == 0
    assert files(acme) == {f"{acme.schema_name}/photos/me.jpg"}


def test_what_is_young_may_be_of_an_upload_under_way(acme, files, leave_behind):
    leave_behind(acme, hours=23)
    with within(acme):
        assert sweep.sweep() == 0
        assert sweep.sweep(older_than=NOW) == 2
    assert files(acme) == set()


def test_files_of_one_photo_are_as_young_as_the_youngest(acme, files, media, leave_behind):
    leave_behind(acme, hours=25)
    with within(acme):
        default_storage.save("photos/left/64.webp", ContentFile(b"just written"))
        assert sweep.sweep() == 1
    assert files(acme) == {f"{acme.schema_name}/photos/left/{size}.webp" for size in (64, 512)}


@pytest.mark.parametrize("media", ["disk"], indirect=True)
def test_a_folder_without_files_is_left_too(acme, media, leave_behind):
    leave_behind(acme, hours=25)
    with within(acme):
        default_storage.delete(LEFT[0])
        media.date(acme, "photos/left", 0)
        sweep.sweep()
        assert default_storage.listdir("photos") == ([], [])


def test_without_any_files_there_is_nothing_to_sweep(acme):
    with within(acme):
        assert sweep.sweep(older_than=NOW) == 0


def test_the_nightly_job_sweeps(acme, files, leave_behind):
    leave_behind(acme, hours=25)
    with within(acme):
        clean_up()
    assert files(acme) == set()


def test_what_is_deleted_after_it_was_listed_stops_no_night(acme):
    with within(acme):
        assert not sweep.is_older("photos/gone", NOW)
        assert not sweep.is_older("logo/gone.webp", NOW)
