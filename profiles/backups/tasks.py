"""The jobs: backups that are due, trials of them, and what is deleted at night.

They run in a lane of their own, one at a time by default: a dump locks the tables of one organisation, and a trial
makes those of one.
"""

import logging
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from profiles.backups import scheduling
from profiles.backups.dumping import check_program
from profiles.backups.errors import Busy, CannotBackUp
from profiles.backups.keeping import forget_old
from profiles.backups.models import Backup, Vault
from profiles.backups.restoring import verify
from profiles.backups.taking import back_up
from profiles.backups.vaults import rewrap
from tenants.context import public
from tenants.tasks import defer_once

logger = logging.getLogger(__name__)

RETRY = RetryStrategy(max_attempts=3, wait=300, retry_exceptions=[Busy])


@app.periodic(cron="*/10 * * * *")
@app.task(name="backups.queue", queue="backups", queueing_lock="backups.queue")
def queue_what_is_due(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Queue backups and trials. Without a usable pg_dump it says so, once each time, and queues no backup."""
    tenants = scheduling.due()
    try:
        if tenants:
            check_program()
    except CannotBackUp as error:
        logger.warning("No backups are taken: %s", error)
        tenants = []
    for tenant in tenants:
        queue(take, tenant.pk)
    for backup in scheduling.to_be_tried():
        queue(try_out, backup.pk)


@app.periodic(cron="41 2 * * *")
@app.task(name="backups.keep", queue="backups", queueing_lock="backups.keep")
def forget_everywhere(timestamp: int = 0) -> None:  # noqa: ARG001  the same
    """Encrypt keys anew where ENCRYPTION_KEYS has changed, and queue the deletion of what is old."""
    rewrap()
    with public():
        vaults = list(Vault.objects.values_list("pk", flat=True))
    for pk in vaults:
        queue(forget, pk)


@app.task(name="backups.take", queue="backups", retry=RETRY)
def take(pk: int) -> None:
    """Back up the organisation with this primary key, unless it has been removed."""
    with public():
        tenant = scheduling.organisations().filter(pk=pk).first()
    if tenant:
        back_up(tenant)


@app.task(name="backups.try_out", queue="backups", retry=RETRY)
def try_out(pk: int) -> None:
    """Restore this backup, compare it, and take it back."""
    with public():
        backup = Backup.objects.done().select_related("vault").filter(pk=pk).first()
    if backup and (faults := verify(backup)):
        logger.error("Backup %s of vault %s cannot be restored: %s", pk, backup.vault_id, faults)


@app.task(name="backups.forget", queue="backups", retry=RETRY)
def forget(pk: int) -> None:
    """Delete what is too old in this vault."""
    with public():
        vault = Vault.objects.filter(pk=pk).first()
    if vault:
        forget_old(vault)


def queue(task: Any, pk: int) -> None:
    """One job of a kind waits for each."""
    defer_once(task.configure(queueing_lock=f"{task.name}:{pk}"), pk=pk)
