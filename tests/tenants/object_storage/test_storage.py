"""Files in a bucket: S3's interface over HTTP, each organisation below its own prefix, errors as a disk's."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from threading import Barrier
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command

from profiles.testing import needs
from tenants.context import within
from tenants.errors import NoTenant
from tenants.object_storage.apps import storage_of
from tenants.storage import bytes_used, store
from tests.gunicorn import ROOT, environment
from tests.storages import Bucket, Disk, make_media


@pytest.fixture
def bucket(settings, tmp_path) -> Bucket:
    return empty_bucket(settings, tmp_path)


def empty_bucket(settings, tmp_path) -> Bucket:
    """A bucket for the product to use."""
    made = make_media("bucket", settings, tmp_path)
    assert isinstance(made, Bucket)
    return made


def test_each_organisation_has_its_own_prefix(bucket, acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            default_storage.save("a.txt", ContentFile(tenant.slug.encode()))
    assert bucket.names() == sorted(f"{tenant.schema_name}/a.txt" for tenant in (acme, globex))
    with within(acme), default_storage.open("a.txt") as file:
        assert file.read() == b"acme"
    with pytest.raises(NoTenant):
        default_storage.exists("a.txt")


def test_no_name_leads_to_another_organisation(bucket, acme, globex):
    with within(globex):
        default_storage.save("a.txt", ContentFile(b"of globex"))
    with within(acme), pytest.raises(SuspiciousOperation):
        default_storage.open(f"../{globex.schema_name}/a.txt")


def test_objects_lie_below_the_prefix_of_the_address(bucket, settings, acme):
    settings.STORAGES = settings.STORAGES | {"default": storage_of(bucket.url.replace("?", "/live/eu?"))}
    with within(acme):
        default_storage.save("photos/a.txt", ContentFile(b"a"))
        assert default_storage.listdir("photos") == ([], ["a.txt"])
    assert bucket.names() == [f"live/eu/{acme.schema_name}/photos/a.txt"]


def test_the_bytes_of_an_organisation_are_its_own(bucket, acme, globex):
    """Counted by the listing, without a request for each object."""
    for tenant, size in ((acme, 5), (globex, 70)):
        with within(tenant):
            default_storage.save("photos/a.txt", ContentFile(b"x" * size))
            default_storage.save("b.txt", ContentFile(b"x"))
            assert bytes_used() == size + 1


def test_what_is_missing_is_missing_as_on_a_disk(bucket, acme):
    with within(acme):
        for ask in (default_storage.open, default_storage.size, default_storage.get_modified_time):
            with pytest.raises(FileNotFoundError):
                ask("nothing.txt")
        default_storage.delete("nothing.txt")
        assert default_storage.listdir("nothing") == ([], [])


def test_storage_that_does_not_answer_is_an_error_of_the_form(bucket, settings, acme, caplog):
    settings.STORAGES = settings.STORAGES | {"default": storage_of("s3://bucket?endpoint=http://127.0.0.1:9")}
    with within(acme), pytest.raises(ValidationError, match="could not store"):
        store("a.txt", b"a")
    assert "127.0.0.1:9" in caplog.text


def test_photo_that_cannot_be_fetched_is_no_error_of_the_view(bucket, acme, as_user, reader):
    """A bucket without the object: 404, as on a disk."""
    assert as_user(reader).get("/photos/00000000-0000-0000-0000-000000000000-96.webp").status_code == 404


@needs("profiles.exports")
def test_an_export_is_written_in_parts_and_read_again(bucket, acme):
    """Larger than a part of an upload, 5 MB, within which a zip would otherwise be rewritten."""
    from profiles.exports.exporting import export

    noise = b"".join(number.to_bytes(4) for number in range(1_600_000))
    with within(acme):
        default_storage.save("photos/large.webp", ContentFile(noise))
        with default_storage.open("exports/a.zip", "wb") as out:
            export(out)
        with default_storage.open("exports/a.zip") as file, ZipFile(BytesIO(file.read())) as package:
            assert package.testzip() is None
            assert package.read("files/photos/large.webp") == noise


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket",
        "s3://",
        "s3://key:secret@bucket",
        "s3://bucket?endpiont=http://localhost",
        "bucket",
        "s3://b?endpoint=",
        "s3://b?endpoint=s3.example.com",
    ],
)
def test_address_that_is_none_is_refused_in_words(url):
    with pytest.raises(ImproperlyConfigured, match="s3://bucket"):
        storage_of(url)


def move(to: str) -> str:
    out = StringIO()
    call_command("move_files", to=to, stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_files_move_there_and_back(bucket, settings, tmp_path, acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            for number in range(3):
                default_storage.save(f"photos/{number}/a.txt", ContentFile(f"{tenant.slug} {number}".encode()))
    assert "6 files (0.0 MB) were copied, 0 were there" in move(str(tmp_path))
    assert (tmp_path / globex.schema_name / "photos" / "2" / "a.txt").read_text() == "globex 2"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tenants.storage.TenantStorage"}}
    settings.MEDIA_ROOT = tmp_path
    other = empty_bucket(settings, tmp_path)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tenants.storage.TenantStorage"}}
    assert "6 files" in move(other.url)
    assert other.names() == bucket.names()


def test_a_run_that_was_stopped_is_continued(bucket, tmp_path, acme):
    with within(acme):
        for number in range(3):
            default_storage.save(f"{number}.txt", ContentFile(b"whole"))
    there = tmp_path / acme.schema_name
    there.mkdir()
    (there / "0.txt").write_bytes(b"whole")
    (there / "1.txt").write_bytes(b"who")
    assert "2 files (0.0 MB) were copied, 1 were there" in move(str(tmp_path))
    assert [(there / f"{number}.txt").read_bytes() for number in range(3)] == [b"whole"] * 3


@pytest.mark.slow
def test_a_move_that_is_killed_is_finished_by_the_next_one(committed, new_tenant, settings, tmp_path):
    """In the middle of an organisation, and at any byte of a file."""
    media, to = tmp_path / "media", Bucket()
    settings.MEDIA_ROOT = media
    for slug in ("movers-one", "movers-two"):
        with within(new_tenant(slug)):
            for number in range(60):
                default_storage.save(f"photos/{number}.bin", ContentFile(bytes([number]) * 300_000))
    command = [sys.executable, "manage.py", "move_files", "--to", to.url]
    variables = environment(tmp_path, MEDIA_ROOT=str(media))
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while len(to.names()) < 20:
            assert process.poll() is None
            assert time.monotonic() < deadline
        process.kill()
    before = len(to.names())
    assert 20 <= before < 120
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{120 - before} files" in done.stdout
    assert f"{before} were there already" in done.stdout
    assert to.names() == Disk(media).names()
    assert [name for name in to.names() if to.read(name) != (media / name).read_bytes()] == []


def test_moving_to_where_they_are_is_refused(settings, tmp_path, acme):
    settings.MEDIA_ROOT = tmp_path
    for to, words in ((str(tmp_path), "already"), ("ftp://a", "--to is not the address of a bucket")):
        with pytest.raises(CommandError, match=words):
            move(to)


def test_storages_of_one_process_do_not_mix(bucket, settings, tmp_path, acme):
    """The storage that files are moved to is made beside the one in use."""
    other = empty_bucket(settings, tmp_path)
    settings.STORAGES = settings.STORAGES | {"default": storage_of(bucket.url)}
    target = storages.create_storage(storage_of(other.url))
    with within(acme):
        target.save("a.txt", ContentFile(b"a"))
    assert (bucket.names(), other.names()) == ([], [f"{acme.schema_name}/a.txt"])


def test_threads_share_what_they_know_of_s3(bucket):
    """Of its own, each of 100 threads would read its description, which takes 13 MB."""

    storage: Any = default_storage

    def description(_thread: int) -> dict:
        return storage.connection.meta.client.meta.service_model._service_description

    barrier = Barrier(2)
    with ThreadPoolExecutor(2, initializer=barrier.wait) as threads:
        first, second = threads.map(description, range(2))
    assert first is second
