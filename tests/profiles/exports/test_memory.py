"""Exports and imports stream: what is in memory does not grow with the organisation."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from profiles.exports.exporting import export
from profiles.exports.importing import bring_in
from profiles.exports.opening import opened_path
from profiles.exports.verifying import problems
from tenants.context import within
from tenants.models import Tenant

MANY = """
INSERT INTO receivers_product (name, stock)
SELECT md5(n::text) || md5((n + 1)::text), n FROM generate_series(1, %s) n
"""
MEGABYTE = 1_000_000


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "acme.zip"


def peak(work: Callable[[], object]) -> int:
    """The most that Python has had in memory for it, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write(path: Path) -> None:
    with path.open("wb") as out:
        export(out, report=lambda _done, _whole: None)


def read(path: Path, slug: str) -> Tenant:
    with opened_path(path) as (package, manifest):
        assert problems(package, manifest) == []
        return bring_in(package, manifest, slug=slug)


@pytest.mark.slow
def test_twenty_thousand_rows_need_no_more_memory_than_a_thousand(acme, path):
    peaks = {}
    for rows in (1_000, 19_000):
        with within(acme), connection.cursor() as cursor:
            cursor.execute(MANY, [rows])
            default_storage.save(f"large/{rows}", ContentFile(b"x" * rows * 200))
            peaks["export", rows] = peak(lambda: write(path))
        peaks["import", rows] = peak(lambda slug=f"again-{rows}": read(path, slug))  # type: ignore[misc]  # bound now
    for kind in ("export", "import"):
        assert peaks[kind, 19_000] < 1.5 * peaks[kind, 1_000], peaks
    assert path.stat().st_size > MEGABYTE
