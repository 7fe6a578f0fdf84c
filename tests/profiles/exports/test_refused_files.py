"""A file that does not fit is refused in words, before anything is written."""

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from profiles.exports.exporting import export
from profiles.exports.sealing import Sealer
from profiles.exports.verifying import Unreadable, opened, problems
from profiles.testing import make_rows
from tenants.context import within
from tenants.models import Tenant
from tests.daily import part_each_day
from tests.storages import make_media

ROWS = "rows/receivers.Cart.jsonl"
PHOTO = "files/photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/512.webp"


@pytest.fixture(scope="module")
def written_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, bytes]:
    """What a file of acme has, with a row of every model. Made for all tests here, and read-only."""
    out, folder = BytesIO(), tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=folder):
        acme = Tenant.objects.get(slug="acme")
        make_rows(acme)
        with within(acme):
            export(out)
        transaction.set_rollback(True)
    package, _ = opened(out)
    return MappingProxyType({name: package.read(name) for name in package.namelist()})


@pytest.fixture
def entries(acme: Tenant, written_once: Mapping[str, bytes]) -> dict[str, bytes]:
    """What a good file has, by name."""
    return dict(written_once)


def zipped(entries, *more: tuple[str, bytes]) -> BytesIO:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in [*entries.items(), *more]:
            package.writestr(name, content)
    return out


def kinds(file: BytesIO) -> list[tuple[str, str]]:
    return [(problem.kind, problem.about) for problem in problems(*opened(file))]


def with_manifest(entries, **changes):
    manifest = json.loads(entries["manifest.json"]) | changes
    return entries | {"manifest.json": json.dumps(manifest).encode()}


def with_rows(entries, content: bytes):
    """The rows of a table, with a correct checksum, which a person who changes a file can compute too."""
    manifest = json.loads(entries["manifest.json"])
    [part] = [part for part in manifest["models"] if part["model"] == "receivers.Cart"]
    part.update(sha256=hashlib.sha256(content).hexdigest(), rows=content.count(b"\n"))
    return with_manifest(entries | {ROWS: content}, models=manifest["models"])


def test_good_file_has_no_problems(entries):
    assert kinds(zipped(entries)) == []


def test_changed_rows_and_files(entries):
    assert kinds(zipped(entries | {ROWS: b"{}\n"})) == [("wrong sum", ROWS)]
    assert kinds(zipped(entries | {PHOTO: b"other"})) == [("wrong sum", PHOTO)]
    assert kinds(zipped(entries | {"files.jsonl": b""})) == [("wrong sum", "files.jsonl")]


def test_what_is_missing_and_what_is_too_much(entries):
    assert kinds(zipped({name: entries[name] for name in entries if name != ROWS})) == [("missing entry", ROWS)]
    assert kinds(zipped({name: entries[name] for name in entries if name != PHOTO})) == [("missing entry", PHOTO)]
    assert kinds(zipped(entries, ("files/more", b"x"))) == [("unknown entry", "files/more")]
    assert kinds(zipped(entries, ("setup.py", b"x"))) == [("unknown entry", "setup.py")]


@pytest.mark.parametrize(
    "name",
    [
        "files/../../etc/passwd",
        "/etc/passwd",
        "files/..",
        "files\\..\\x",
        "C:/x",
        "files//x",
        "files/./x",
        "files/a\x01",
    ],
)
def test_paths_that_lead_elsewhere(entries, name):
    assert ("unsafe path", name) in kinds(zipped(entries, (name, b"x")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_is_there_twice(entries):
    assert ("duplicate name", ROWS) in kinds(zipped(entries, (ROWS, b"{}\n")))


def test_zip_bomb(entries):
    assert ("zip bomb", ROWS) in kinds(zipped(entries | {ROWS: b" " * 2_000_000}))


def test_disk_that_is_too_small(entries, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 10}))
    assert ("disk", "files/") in kinds(zipped(entries))


def test_a_small_disk_is_no_reason_if_files_lie_in_a_bucket(entries, monkeypatch, settings, tmp_path):
    make_media("bucket", settings, tmp_path)
    settings.MEDIA_ROOT = Path("/dev/null/none")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 10}))
    assert kinds(zipped(entries)) == []


DEEP = b"[" * 100_000


def test_a_list_of_no_files_with_a_correct_sum(entries):
    for line in (b"{}", b"[]", b"1", b"{", DEEP, b'{"name": 1, "bytes": 1, "sha256": ""}', b"\xff"):
        content = line + b"\n"
        named = {"count": 1, "bytes": 1, "list": {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}}
        with pytest.raises(Unreadable):
            kinds(zipped(with_manifest(entries | {"files.jsonl": content}, files=named)))
    with pytest.raises(Unreadable):
        kinds(zipped(entries | {"manifest.json": DEEP}))


def test_code_that_differs(entries):
    migrations = json.loads(entries["manifest.json"])["migrations"]
    later = [*migrations, "profiles.9999_later"]
    assert kinds(zipped(with_manifest(entries, migrations=later))) == [("newer migration", "profiles.9999_later")]
    other = [*migrations, "shop.0001_initial"]
    assert kinds(zipped(with_manifest(entries, migrations=other))) == [("missing app", "shop")]
    earlier = [name for name in migrations if name != "profiles.0002_welcome_apart"]
    assert kinds(zipped(with_manifest(entries, migrations=earlier))) == [], "It is brought along: test_older.py."


def test_secrets_that_no_key_opens(entries):
    changed = with_manifest(entries, encryption_keys=["0badc0de"])
    assert kinds(zipped(changed)) == [("encryption key", "0badc0de")]


def refused(path: Path, **options) -> str:
    before = Tenant.objects.count()
    with pytest.raises(CommandError) as error:
        call_command("import_organisation", str(path), **{"slug": "acme-again", **options})
    assert Tenant.objects.count() == before
    return str(error.value)


@pytest.fixture
def path(tmp_path):
    """A file with this content."""

    def write(content: bytes) -> Path:
        Path(tmp_path, "file").write_bytes(content)
        return tmp_path / "file"

    return write


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18, b"SEALED01", b"SEALED01" + b"x" * 40])
def test_what_is_no_export(db, path, tmp_path, content):
    phrase = tmp_path / "phrase"
    phrase.write_text("a long passphrase")
    assert str(tmp_path / "file") in refused(path(content), passphrase_file=str(phrase))


def test_format_of_another_time(entries, path):
    assert "this version reads 1" in refused(path(zipped(with_manifest(entries, format=2)).getvalue()))


def test_problems_are_listed(entries, path, capsys):
    file = path(zipped(entries | {ROWS: b"{}\n"}).getvalue())
    assert refused(file, slug="acme") == "The file does not fit. Nothing is imported."
    assert capsys.readouterr().err.splitlines()[0].split() == [
        *("wrong", "sum", ROWS, "It", "was", "changed", "after", "the", "export.")
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    part_each_day(
        [
            (b'{"id": 1, "user_id": 12345}\n', "violates foreign key"),
            (b'{"id": 1, "user_id": "none"}\n', "invalid input syntax"),
            (b"no json\n", "invalid input syntax for type json"),
            (b'{"id": 1, "user_id": 1}, {"id": 2, "user_id": 2}\n', "1 lines have 2 rows"),
            (b'{"id": 1, "user_id": 1}', "cut off"),
        ]
    ),
)
def test_rows_that_postgresql_refuses(full, entries, path, media, rows, words):
    """Its sums are right: what looked at the file cannot have seen it."""
    folders = set(media.iterdir())
    assert words in refused(path(zipped(with_rows(entries, rows)).getvalue()))
    left = [file for folder in set(media.iterdir()) - folders for file in folder.rglob("*") if file.is_file()]
    assert left == []


def test_dry_run_loads_and_takes_back(full, entries, path, media):
    before, folders = Tenant.objects.count(), set(media.iterdir())
    call_command("import_organisation", str(path(zipped(entries).getvalue())), slug="acme-again", dry_run=True)
    assert (Tenant.objects.count(), set(media.iterdir())) == (before, folders)
    assert "violates" in refused(
        path(zipped(with_rows(entries, b'{"id": 1, "user_id": 9999}\n')).getvalue()), dry_run=True
    )


def test_sealed_file_that_was_changed(entries, path, tmp_path):
    phrase = tmp_path / "phrase"
    phrase.write_text("a long passphrase")
    out = BytesIO()
    with Sealer(out, "a long passphrase") as sealed:
        sealed.write(zipped(entries).getvalue())
    content = bytearray(out.getvalue())
    content[-1] ^= 1
    assert "has been changed" in refused(path(bytes(content)), passphrase_file=str(phrase))
    phrase.write_text("another passphrase")
    assert "The passphrase is another one" in refused(path(out.getvalue()), passphrase_file=str(phrase))
