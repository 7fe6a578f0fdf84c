"""Brings an organisation back from a backup: as a sandbox beside it, which is compared, taken over or discarded."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from profiles.backups.comparing import Change, compare
from profiles.backups.errors import CannotBackUp, CannotRestore
from profiles.backups.models import Backup
from profiles.backups.restoring import restore
from profiles.backups.sandboxes import discard, sandbox_of, take_over
from profiles.backups.single_rows import rows_named, take_over_some, what_goes
from profiles.backups.taking import back_up
from tenants.context import public, within
from tenants.events import emit
from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant

# What becomes of rows and files.
DONE = {"back": "as in the sandbox", "away": "deleted: added since"}


class Command(OrganisationCommand):
    help = (
        "Makes a sandbox beside an organisation: as it was in a backup (--at), or as it is now. The organisation stays "
        "as it is. Then --compare says what has changed since, --take-over exchanges the two, and --discard removes "
        "the sandbox."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--at", metavar="TIME", help="As 2026-11-25T03:00, in UTC: the last backup until then.")
        which.add_argument("--compare", action="store_true", help="List what is not the same in the sandbox.")
        which.add_argument("--take-over", action="store_true", help="The organisation and its sandbox change places.")
        which.add_argument("--discard", action="store_true", help="Remove the sandbox.")
        parser.add_argument("--as", metavar="SLUG", dest="slug", help="The sandbox's address. Otherwise SLUG-sandbox.")
        parser.add_argument(
            "--rows",
            action="append",
            default=[],
            metavar="MODEL[:KEYS]",
            help="With --take-over: only these rows, as profiles.User:5,7; without keys, all of the model that differ.",
        )
        parser.add_argument("--file", action="append", default=[], metavar="NAME", help="With --take-over: this file.")
        parser.add_argument("--dry-run", action="store_true", help="With --rows, --file: only say what it does.")
        parser.add_argument("--json", action="store_true", help="With --compare, for programs.")

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        try:
            if options["compare"]:
                return self.tell(tenant, as_json=options["json"])
            if options["take_over"]:
                chosen = options["rows"] or options["file"]
                return some(tenant, options) if chosen else exchange(tenant)
            if options["discard"]:
                sandbox = sandbox_of(tenant)
                with within(sandbox.of):
                    emit("organisation.sandbox_discarded", sandbox.of)
                discard(sandbox)
                return f"{sandbox.tenant.slug} is removed."
            return self.make(tenant, options)
        except (CannotRestore, CannotBackUp) as error:
            raise CommandError(str(error)) from error

    def make(self, tenant: Tenant, options: dict[str, Any]) -> str:
        refuse_what_has_no_backups(tenant)
        with within(tenant):  # Before the backup, so that the two are the same.
            emit("organisation.sandbox_asked", tenant)
        backup = at(tenant, moment_of(options["at"])) if options["at"] else back_up(tenant)
        sandbox = restore(backup, tenant, slug=options["slug"] or f"{tenant.slug}-sandbox")
        if not sandbox.is_complete:
            call_command("migrate", tenant=sandbox.slug, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        return (
            f"{sandbox.url()} is {tenant.slug} as of {backup.moment:%Y-%m-%dT%H:%M:%S} UTC, for its owners. "
            f"Now --compare, --take-over or --discard."
        )

    def tell(self, tenant: Tenant, *, as_json: bool) -> str:
        sandbox = sandbox_of(tenant)
        if not sandbox.tenant.is_complete:
            raise CommandError(f"Run `manage.py migrate --tenant {sandbox.tenant.slug}` first.")
        found = compare(sandbox.of, sandbox.tenant)
        if as_json:
            return json.dumps([asdict(change) for change in found], indent=2)
        return table(found) if found else f"{sandbox.of.slug} and {sandbox.tenant.slug} are the same."


def refuse_what_has_no_backups(tenant: Tenant) -> None:
    """Raises CannotRestore for what is no organisation, or no more."""
    name = tenant.slug or tenant.schema_name
    if tenant.state in Tenant.GONE:
        raise CannotRestore(f"{name} is {tenant.state}, and its backups with it.")
    if tenant.is_sandbox or tenant.slug is None:
        raise CannotRestore(f"{name} is a {'sandbox' if tenant.is_sandbox else tenant.state}, which has no backups.")


def exchange(tenant: Tenant) -> str:
    sandbox = sandbox_of(tenant)
    take_over(sandbox)
    return (
        f"{sandbox.of.slug} is as its sandbox was, and {sandbox.tenant.slug} has what {sandbox.of.slug} had. "
        f"--take-over once more takes it back, --discard removes that for good."
    )


def some(tenant: Tenant, options: dict[str, Any]) -> str:
    """Single rows and files. Says what was done, or would be."""
    sandbox = sandbox_of(tenant)
    rows = rows_named(sandbox, options["rows"])
    do = what_goes if options["dry_run"] else take_over_some
    choice = do(sandbox, rows, set(options["file"]))
    lines = [f"{number:>8}  {label}  {DONE[word]}" for label, word, number in choice.lines()]
    return "\n".join([*lines, "Nothing was changed." if options["dry_run"] else f"{sandbox.of.slug} has them."])


def moment_of(text: str) -> datetime:
    """Raises CommandError for what is no time."""
    try:
        day = parse_date(text)
        found = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001  below
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text!r} is no time. Write it as 2026-11-25T03:00, which is in UTC.")
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)


def at(tenant: Tenant, moment: datetime) -> Backup:
    """The last backup until then. Raises CannotRestore, with the first one that there is."""
    with public():
        known = Backup.objects.filter(vault__tenant=tenant).select_related("vault")
        found = known.at(moment).first()
        first = known.done().order_by("moment").first()
    if found:
        return found
    if first is None:
        raise CannotRestore(f"{tenant.slug} has no backup. `manage.py backup {tenant.slug}` makes one.")
    raise CannotRestore(f"The first backup of {tenant.slug} is of {first.moment:%Y-%m-%dT%H:%M:%S} UTC.")


def table(changes: list[Change]) -> str:
    """Since the sandbox's moment."""
    width = max(len("model"), *(len(change.what) for change in changes))
    head = f"{'model':<{width}}  {'added':>8}  {'changed':>8}  {'gone':>8}"
    return "\n".join([head, *(f"{c.what:<{width}}  {c.added:>8}  {c.changed:>8}  {c.gone:>8}" for c in changes)])
