"""A process that backs up and restores again and again, each time in a child that is killed at another point.

Reads nothing; it is told the database, the folder of backups and a moment, and writes how each child ended.
"""

import os
import sys
from typing import Any

import django

from tests.killing import die_at

# Where a child ends: in which module after the call of which function; and in the call number so many.
BACKUP = {
    "file": ("taking", "copy_files", 1),
    "rows": ("taking", "write_rows", 1),
    "files again": ("taking", "copy_files", 2),
    "noted": ("taking", "finish", 1),
}
RESTORE = {
    "files": ("restoring", "put_back", 1),
    "rows": ("restoring", "replay_dump", 1),
    "address": ("restoring", "Domain.objects.create", 1),
    "committed": ("restoring", "hosts.forget", 1),
}


def main(database: str, shelf: str, moment: str) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = database
    backend = {"BACKEND": "tenants.storage.TenantStorage", "OPTIONS": {"location": shelf}}
    settings.STORAGES = settings.STORAGES | {"backups": backend}
    for point in BACKUP.values():
        ended(point, "backup", "initech")
    for name, point in RESTORE.items():
        ended(point, "restore_organisation", "initech", at=moment, slug=f"killed-{name}")


def ended(point: tuple[str, str, int], *arguments: str, **options: str) -> None:
    child = os.fork()
    if not child:
        module, name, times = point
        die_at(f"profiles.backups.{module}", name, times)
        command(*arguments, **options)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"{point[1]} {os.WTERMSIG(status)}\n")
    sys.stdout.flush()


def command(*arguments: str, **options: Any) -> None:
    from django.core.management import call_command

    call_command(*arguments, stdout=sys.stderr, **options)


if __name__ == "__main__":
    main(*sys.argv[1:])
