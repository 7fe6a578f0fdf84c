"""Export and import of one organisation: how much memory the process has at the peak."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from profiles.exports.keeping import FOLDER
from profiles.exports.tasks import export_organisation
from profiles.models import Profile, User
from tenants.context import within
from tenants.models import Tenant
from tenants.storage import files_below

MEBIBYTE = 1 << 20
KIBIBYTES = 1024
# Every member is another one's row with other values.
COPIES = """
INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM (
    SELECT jsonb_populate_record(NULL::{table}, to_jsonb(t) || jsonb_build_object({changed})) AS r
    FROM (SELECT * FROM {table} ORDER BY {key} LIMIT 1) t, generate_series(%s::int, %s::int) n
) copies
"""
BASE = 1_000_000
USER = {
    "id": f"{BASE} + n",
    "username": "'member' || n",
    "email": "'member' || n || '@bench.example'",
    "role": "'reader'",
}
PROFILE = {"id": f"{BASE} + n", "user_id": f"{BASE} + n"}


def grow(tenant: Tenant, *, members: range, files: range) -> None:
    """Members with their profiles, and files of a mebibyte each."""
    with within(tenant), connection.cursor() as cursor:
        for model, changed in ((User, USER), (Profile, PROFILE)):
            cursor.execute(copies_of(model, changed), [members.start, members.stop - 1])
        cursor.execute("ANALYZE")
        for number in files:
            default_storage.grow(f"large/{number % 100:02}/{number}.bin", MEBIBYTE)  # type: ignore[attr-defined]  # ours


def copies_of(model: type[Model], changed: dict[str, str]) -> str:
    names = [str(field.column) for field in model._meta.local_concrete_fields if not field.generated]
    return COPIES.format(
        table=model._meta.db_table,
        key=model._meta.pk.column,
        columns=", ".join(names),
        values=", ".join(f"(r).{name}" for name in names),
        changed=", ".join(f"'{name}', {value}" for name, value in changed.items()),
    )


def export(tenant: Tenant) -> str:
    """The job; returns the path of its file."""
    with within(tenant):
        export_organisation(asked_by=0)
        [name] = [name for name in files_below(FOLDER) if name.endswith(".zip")]
        return str(default_storage.path(name))


def try_import(path: str) -> str:
    """What the command says: how many rows and files it has read."""
    out = StringIO()
    call_command("import_organisation", path, slug="bench-again", dry_run=True, stdout=out)
    return out.getvalue()


def peak_of(work: Any) -> tuple[float, Any]:
    """MiB that the process has at the peak of this beyond what it had before, and what comes of it.

    https://docs.kernel.org/filesystems/proc.html: clear_refs, VmHWM.
    """
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    done = work()
    return status("VmHWM") - before, done


def status(name: str) -> float:
    [value] = re.findall(rf"^{name}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(value) / KIBIBYTES
