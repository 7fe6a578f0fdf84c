"""Lists the backups."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.template.defaultfilters import filesizeformat

from profiles.backups.models import Backup
from profiles.backups.state import State, states
from tenants.context import public
from tenants.management.lookup import tenant_named

WORST = ("faulty", "failed", "stale")


class Command(BaseCommand):
    help = (
        "Lists the state of the backups of each organisation: verified, stale, failed, or faulty, which means that one "
        "could not be restored. With a slug, each backup of that one. Ends with status 1 unless all are in order."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", nargs="?", metavar="SLUG", help="Each backup of this one.")
        parser.add_argument("--json", action="store_true", help="For programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["organisation"]:
            self.list_all(options["organisation"])
            return
        found = list(states())
        if options["json"]:
            rows = [asdict(state) | {"state": state.word} for state in found]
            self.stdout.write(json.dumps(rows, indent=2, default=str))
        else:
            for state in found:
                self.stdout.write(line(state))
        if any(state.word in WORST for state in found):
            raise SystemExit(1)

    def list_all(self, name: str) -> None:
        with public():
            rows = list(Backup.objects.filter(vault__tenant=tenant_named(name)).order_by("-moment"))
        for row in rows:
            size = f"{filesizeformat(row.bytes)}, {row.files} files" if row.state == Backup.State.DONE else row.reason
            tried = row.faults or (f"verified {row.verified:%Y-%m-%d}" if row.verified else "")
            self.stdout.write(f"{row.moment:%Y-%m-%dT%H:%M:%S}  {row.state:<7}  {size}  {tried}".rstrip())


def line(state: State) -> str:
    last = f"{state.last:%Y-%m-%dT%H:%M:%S}" if state.last else "none"
    return f"{state.slug:<30}  {state.word:<16}  {last:<19}  {state.faults or state.failed}".rstrip()
