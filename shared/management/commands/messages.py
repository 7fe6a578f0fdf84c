"""`manage.py messages`: updates all translation catalogues."""

import shutil
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared import catalogues


class Command(BaseCommand):
    help = "Writes all sentences into the catalogues (locale/), compiles them, and lists untranslated sentences."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("GNU gettext is not installed. On Debian and Ubuntu: apt install gettext")
        missing: list[str] = []
        for folder in catalogues.folders():
            catalogues.renew(folder)
            missing += catalogues.missing(folder)
        for po in catalogues.wording():
            catalogues.write_compiled(po)
        if missing:
            raise CommandError("\n".join(["Sentences are not translated:", *missing]))
        self.stdout.write("All catalogues are complete.")
