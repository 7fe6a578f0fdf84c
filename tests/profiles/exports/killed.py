"""A process that imports a file again and again, each time in a child that is killed at another point.

Reads nothing; it is told the database and the file, and writes the slug of each import.
"""

import os
import sys
from pathlib import Path

import django

from tests.killing import die_at

# Where a child ends, by the function in whose call, or after how many.
POINTS = {
    "file": ("default_storage.save", 1),
    "files": ("unpack", 1),
    "some-rows": ("load_rows", 12),
    "rows": ("load", 1),
    "address": ("Domain.objects.create", 1),
    "committed": ("hosts.forget", 1),
}


def main(database: str, path: str) -> None:
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    for point, (function, times) in POINTS.items():
        child = os.fork()
        if not child:
            die_at("profiles.exports.importing", function, times)
            import_as(point, path)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{point} {os.WTERMSIG(status)}\n")


def import_as(slug: str, path: str) -> None:
    from profiles.exports.importing import bring_in
    from profiles.exports.opening import opened_path

    with opened_path(Path(path)) as (package, manifest):
        bring_in(package, manifest, slug=f"killed-{slug}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
