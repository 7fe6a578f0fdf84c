"""`manage.py check_files`: each kind of fault is found, and nothing is reported that only happens meanwhile."""

import time
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from profiles.pictures.keeping import keep_pictures
from shared.capabilities.registry import temporary_folders
from tenants.context import within
from tenants.files import checking
from tenants.files.models import File
from tenants.storage import remove, store
from tests.storages import make_media

DAY = 24 * 3600


@pytest.fixture(autouse=True, params=["disk", pytest.param("bucket", marks=pytest.mark.slow)])
def media(request, settings, tmp_path):
    return make_media(request.param, settings, tmp_path)


def check(*arguments: str) -> tuple[list[str], str]:
    """The command's lines, and the error with which it ended."""
    out = StringIO()
    try:
        call_command("check_files", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def replace(tenant, name: str, content: bytes) -> None:
    """Past our verbs, as a broken disk does."""
    with within(tenant):
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))


def test_each_fault_is_named_with_its_organisation(acme, globex, media):
    for tenant in (acme, globex):
        with within(tenant):
            for name in ("gone.txt", "whole.txt", "short.txt", "changed.txt"):
                store(f"texts/{name}", b"content")
            for folder in temporary_folders():
                default_storage.save(f"{folder}/a/organisation.zip", ContentFile(b"temporary"))
    media.drop(f"{acme.schema_name}/texts/gone.txt")
    replace(acme, "texts/short.txt", b"cont")
    replace(acme, "texts/changed.txt", b"c0ntent")
    replace(acme, "texts/extra.txt", b"extra")
    media.date(acme, "texts/extra.txt", time.time() - DAY)
    lines, error = check()
    assert lines == [
        "acme: damaged texts/changed.txt",
        "acme: surplus texts/extra.txt",
        "acme: missing texts/gone.txt",
        "acme: damaged texts/short.txt",
        "acme: 5 files",
        "globex: 4 files",
    ]
    assert error == "9 files of 2 organisations: 1 missing, 1 surplus, 2 damaged."
    assert "acme: damaged texts/changed.txt" not in check("--no-reading")[0]
    assert check("globex") == (
        ["globex: 4 files", "4 files of 1 organisations: 0 missing, 0 surplus, 0 damaged."],
        "",
    )


def test_files_of_former_releases_are_recorded_once(acme, media):
    replace(acme, "photos/old.webp", b"old")
    media.date(acme, "photos/old.webp", time.time() - DAY)
    assert "1 surplus" in check("acme")[1]
    assert check("acme", "--record")[0][0] == "acme: 1 recorded"
    assert check("acme", "--record") == (
        ["acme: 1 files", "1 files of 1 organisations: 0 missing, 0 surplus, 0 damaged."],
        "",
    )


def test_an_upload_under_way_is_no_fault(acme, monkeypatch):
    """A file whose row is not committed yet; and one that is stored, or removed, after the listing."""
    replace(acme, "photos/new.webp", b"new")
    with within(acme):
        store("texts/removed.txt", b"a")
        listed = ["texts/removed.txt"]
        remove("texts/removed.txt")
        store("texts/stored.txt", b"a")
        monkeypatch.setattr(checking, "lasting_files", lambda: listed)
        assert [each for each in checking.check() if each] == []


def test_photos_have_rows_for_all_sizes(acme, reader, django_capture_on_commit_callbacks):
    with within(acme):
        keep_pictures(profile=reader.profile, pictures={64: b"small", 512: b"large"})
        first = set(File.objects.values_list("name", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            keep_pictures(profile=reader.profile, pictures={64: b"s"})
        second = set(File.objects.values_list("name", flat=True))
    assert (len(first), len(second), first & second) == (2, 1, set())
    assert check("acme")[1] == ""
    with within(acme), django_capture_on_commit_callbacks(execute=True):
        reader.delete()
        assert not File.objects.exists()


def test_a_run_that_was_stopped_says_where_to_continue(acme, globex, monkeypatch):
    with within(acme):
        store("a.txt", b"a")
    with within(globex):
        store("b.txt", b"b")
    read = checking.read

    def broken(name):
        if name == "b.txt":
            raise OSError("The storage does not answer.")
        return read(name)

    monkeypatch.setattr(checking, "read", broken)
    assert check()[1] == "Stopped: The storage does not answer. Continue with --after acme."
    monkeypatch.undo()
    assert check("--after", "acme")[0][0] == "globex: 1 files"
    assert check("--after", "nobody")[1] == "There is no organisation nobody."


@pytest.mark.slow
def test_statements_do_not_grow_with_files(acme, django_assert_max_num_queries):
    with within(acme):
        for number in range(20):
            store(f"{number}.txt", b"a")
        with django_assert_max_num_queries(1):
            assert list(checking.check()) == [None] * 20
