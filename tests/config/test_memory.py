"""The tests' own PostgreSQL has its data in memory, but only where that is safe and large enough."""

import shutil
from pathlib import Path

import pytest

from tests import memory

DISK = "var/test-postgres"


def test_a_folder_of_this_user_alone_and_of_this_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 1)
    data = Path(memory.data_folder(otherwise=DISK))
    assert data.parent.parent == tmp_path
    assert data.parent.stat().st_mode & 0o077 == 0
    assert memory.data_folder(otherwise=DISK) == str(data)
    monkeypatch.setattr(memory, "ROOT", tmp_path / "another copy")
    assert memory.data_folder(otherwise=DISK) != str(data)


def test_a_copy_that_is_gone_keeps_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 1)
    own = Path(memory.data_folder(otherwise=DISK)).parent
    copy = tmp_path / "copy"
    copy.mkdir()
    with monkeypatch.context() as there:
        there.setattr(memory, "ROOT", copy)
        of_the_copy = Path(memory.data_folder(otherwise=DISK)).parent
    memory.data_folder(otherwise=DISK)
    assert of_the_copy.exists()
    copy.rmdir()
    memory.data_folder(otherwise=DISK)
    assert own.exists()
    assert not of_the_copy.exists()


def test_the_disk_where_there_is_no_such_folder_or_too_little_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "none")
    assert memory.data_folder(otherwise=DISK) == DISK
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 2**80)
    assert memory.data_folder(otherwise=DISK) == DISK


def test_the_disk_where_the_name_leads_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user may make anything in such a folder."""
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 1)
    own = Path(memory.data_folder(otherwise=DISK)).parent
    shutil.rmtree(own)
    (tmp_path / "elsewhere").mkdir()
    own.symlink_to(tmp_path / "elsewhere")
    assert memory.data_folder(otherwise=DISK) == DISK
