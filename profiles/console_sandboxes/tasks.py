"""The jobs that make and remove a sandbox, in the lane of backups."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from profiles.backups.models import Backup, Sandbox
from profiles.backups.restoring import restore
from profiles.backups.sandboxes import discard
from profiles.backups.scheduling import organisations
from profiles.backups.taking import back_up
from tenants.context import public


@app.task(name="console_sandboxes.make", queue="backups")
def make_sandbox(pk: int, backup: int, slug: str) -> None:
    """Of the organisation with this primary key, from this backup of it; `backup=0` takes one first."""
    with public():
        tenant = organisations().get(pk=pk)
        known = Backup.objects.done().filter(vault__tenant=tenant).select_related("vault")
        chosen = known.get(pk=backup) if backup else None
    sandbox = restore(chosen or back_up(tenant), tenant, slug=slug)
    if not sandbox.is_complete:
        call_command("migrate", tenant=sandbox.slug, verbosity=0)


@app.task(name="console_sandboxes.discard", queue="backups")
def discard_sandbox(pk: int, sandbox: int) -> None:
    """Unless it is gone already."""
    with public():
        found = Sandbox.objects.select_related("tenant").filter(of=pk, pk=sandbox).first()
    if found:
        discard(found)
