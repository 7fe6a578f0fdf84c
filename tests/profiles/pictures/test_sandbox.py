"""Uploads are decoded in a process of their own, which the system stops."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from signal import SIGSEGV, SIGXCPU
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from profiles.pictures import decoding, sandbox
from profiles.pictures.sandbox import process, process_whole
from tenants.models import Tenant
from tenants.serving import parking
from tenants.serving.turns import Turns
from tenants.serving.working import working
from tests.profiles.pictures.made import photograph
from tests.tenants.crowd import until
from tests.tenants.where import owners_address

LIMITED = "from profiles.pictures.worker import limit; limit()"


def limited(program: str) -> subprocess.CompletedProcess[str]:
    """What becomes of a program under the worker's limits."""
    command = [sys.executable, "-c", f"{LIMITED}\n{program}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def worker_is(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(sandbox, "WORKER", (sys.executable, "-c", program))


def refusal(upload: bytes, **limits: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as refused:
        process(upload, **limits)
    return str(refused.value.code), refused.value.messages[0]


def test_the_pictures_are_those_that_the_decoder_makes():
    assert process(photograph()) == decoding.process(photograph())
    assert process(photograph(), crop="0.1\0") == decoding.process(photograph()), "That is no crop."
    assert process_whole(photograph(), side=100) == decoding.process_whole(photograph(), 100)[100]


def test_a_file_object_is_read_from_its_start():
    file = SimpleUploadedFile("photo.txt", photograph(), content_type="text/html")
    file.read()
    assert set(process(file)) == {64, 256, 512}


def test_the_worker_says_what_is_wrong():
    assert refusal(b"%PDF-1.7") == ("format", "This file is not a JPEG, PNG, WebP, GIF, HEIC or AVIF picture.")


def test_empty_file_is_refused():
    assert refusal(b"") == ("empty", "The file is empty.")


def test_too_many_bytes_are_refused():
    upload = photograph()
    sentence = "The file is too large. It can have up to 0.002 MB."
    assert refusal(upload, max_bytes=2000) == ("bytes", sentence)
    assert refusal(upload, max_bytes=len(upload) - 1)[0] == "bytes"
    process(upload, max_bytes=len(upload))


@pytest.mark.slow
def test_the_worker_has_two_seconds_of_the_processor():
    began = time.monotonic()
    assert limited("while True: pass").returncode == -SIGXCPU
    assert time.monotonic() - began >= 1.9


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Other systems do not count this memory.")
def test_the_worker_has_250_megabytes():
    assert limited("bytearray(200_000_000)").returncode == 0
    assert "MemoryError" in limited("bytearray(250_000_000)").stderr


def test_the_worker_writes_no_files(tmp_path: Path):
    limited(f"open('{tmp_path}/out', 'w').write('x')")
    assert (tmp_path / "out").read_text() == ""


def test_the_worker_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "known to the web server alone")
    worker_is(monkeypatch, "import os; print('{}' if 'SECRET_KEY' not in os.environ else '')")
    assert sandbox.ask(b"") == {}


def test_a_picture_that_takes_too_long_is_refused(monkeypatch, caplog):
    worker_is(monkeypatch, f"import os; os.kill(os.getpid(), {SIGXCPU})")
    assert refusal(photograph())[0] == "costly"
    assert caplog.records == []


def test_a_worker_that_sleeps_is_stopped(monkeypatch):
    worker_is(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(sandbox, "PATIENCE", 0.2)
    assert refusal(photograph())[0] == "costly"


def test_a_decoder_that_crashes_takes_nothing_else_along_and_is_logged(monkeypatch, caplog):
    worker_is(monkeypatch, f"import os; os.kill(os.getpid(), {SIGSEGV})")
    assert refusal(photograph())[0] == "damaged"
    assert f"status {-SIGSEGV}" in caplog.text


def test_who_would_wait_too_long_for_other_pictures_is_told(monkeypatch):
    with monkeypatch.context() as patch, ExitStack() as others:
        patch.setattr(sandbox, "PATIENCE", 0.1)
        for _ in range(sandbox.AT_ONCE):
            others.enter_context(sandbox.places)
        assert refusal(photograph())[0] == "busy"
    process(photograph())


@pytest.fixture
def only_one(monkeypatch) -> Turns:
    """A process with one place."""
    turns = Turns(places=1, most=1, longest=1)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: turns)
    return turns


def upload_in(tenant: Tenant) -> str:
    """A request that uploads, and asks for something before and after it."""
    with working(tenant):
        owners_address()
        process(photograph())
        return owners_address()


def test_who_waits_for_a_picture_keeps_neither_place_nor_connection(committed, only_one, monkeypatch):
    worker_is(monkeypatch, "import time; time.sleep(1); print('{\"pictures\": {}}')")
    acme, globex = Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug")
    with ThreadPoolExecutor(2) as pool:
        uploading = pool.submit(upload_in, acme)
        until(lambda: only_one._paused[acme.schema_name] == 1)
        assert len(parking._parked) > 0
        with working(globex):
            assert owners_address() == "owner@globex.example"
        with pytest.raises(ValidationError, match="We are busy with other pictures right now"):
            upload_in(acme)  # Each that waits keeps a thread.
        assert not uploading.done()
        assert uploading.result(10) == "owner@acme.example"


def test_in_a_transaction_the_place_is_kept(acme, only_one, monkeypatch):
    """What it has locked would wait with it."""
    running = []

    def ask(_: bytes) -> dict[str, dict[str, str]]:
        running.append(list(only_one._running))
        return {"pictures": {}}

    monkeypatch.setattr(sandbox, "ask", ask)
    with working(acme):
        process(photograph())
    assert running == [[acme.schema_name]]
