"""Files that no row names are swept; all others stay."""

import os
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

LEFT = ["photos/left/512.webp", "logo/left.webp"]
NOW = timedelta(0)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def files(media):
    """All files on disk, by organisation."""
    return lambda tenant: {str(path.relative_to(media)) for path in (media / tenant.schema_name).rglob("*.webp")}


def leave_behind(tenant, *, hours):
    """What a killed process leaves."""
    with within(tenant):
        for name in LEFT:
            default_storage.save(name, ContentFile(b"left"))
        then = time.time() - hours * 3600
        for name in ("photos/left", "logo/left.webp"):
            os.utime(default_storage.path(name), (then, then))


@pytest.fixture
def pictures(acme, globex, owner, stranger, files):
    """Each organisation has a photo and a logo that rows name."""
    for tenant, member in ((acme, owner), (globex, stranger)):
        with within(tenant):
            keep_pictures(profile=member.profile, pictures={64: b"small", 512: b"large"})
            keep_logo(b"logo")
    return files(acme) | files(globex)


def test_what_is_left_goes_and_what_is_named_stays(acme, globex, pictures, files):
    leave_behind(acme, hours=25)
    leave_behind(globex, hours=25)
    with within(acme):
        assert sweep.sweep() == 2
        assert default_storage.listdir("photos")[0] != ["left"]
        assert not default_storage.exists("photos/left")
    assert files(acme) | files(globex) == pictures | {f"{globex.schema_name}/{name}" for name in LEFT}


def test_what_is_young_may_be_of_an_upload_under_way(acme, files):
    leave_behind(acme, hours=23)
    with within(acme):
        assert sweep.sweep() == 0
        assert sweep.sweep(older_than=NOW) == 2
    assert files(acme) == set()


def test_a_folder_without_files_is_left_too(acme):
    with within(acme):
        leave_behind(acme, hours=25)
        default_storage.delete(LEFT[0])
        os.utime(default_storage.path("photos/left"), (0, 0))
        sweep.sweep()
        assert default_storage.listdir("photos") == ([], [])


def test_without_any_files_there_is_nothing_to_sweep(acme):
    with within(acme):
        assert sweep.sweep(older_than=NOW) == 0


def test_the_nightly_job_sweeps(acme, files):
    leave_behind(acme, hours=25)
    with within(acme):
        clean_up()
    assert files(acme) == set()
