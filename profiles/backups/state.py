"""The state of the backups of each organisation, for commands and for operators: states(), state_of()."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from profiles.backups.models import Backup
from profiles.backups.scheduling import organisations
from tenants.context import public
from tenants.models import Tenant

# A backup is stale when the next one is as late again, and a few hours more: the queue may be long.
SLACK = timedelta(hours=6)


@dataclass(frozen=True)
class State:
    """Of one organisation. `last` is the newest backup, `failed` why a newer one failed, or "".

    `verified` is when one was restored for a test, and `faults` what was wrong then.
    """

    slug: str
    last: datetime | None
    bytes: int
    files: int
    failed: str
    verified: datetime | None
    faults: str

    @property
    def is_stale(self) -> bool:
        """Is there no backup as new as it should be? Never, where none are scheduled."""
        hours = settings.BACKUP_EVERY_HOURS
        if not hours:
            return False
        return self.last is None or self.last < timezone.now() - timedelta(hours=hours) - SLACK

    @property
    def word(self) -> str:
        """The worst that is true: "faulty", "failed", "stale", "verified" or "not verified yet"."""
        if self.faults:
            return "faulty"
        if self.failed:
            return "failed"
        if self.is_stale:
            return "stale"
        return "verified" if self.verified else "not verified yet"


def states(tenants: "QuerySet[Tenant] | None" = None) -> Iterator[State]:
    """Of these organisations, or of all, in one statement."""
    of_tenant = Backup.objects.filter(vault__tenant=OuterRef("pk"))
    newest = of_tenant.order_by("-moment", "-pk")
    done, tried = newest.done(), newest.exclude(verified=None).order_by("-verified")
    values = {
        **{f"last_{name}": Subquery(done.values(name)[:1]) for name in ("moment", "bytes", "files")},
        **{
            f"newest_{name}": Subquery(newest.exclude(state="running").values(name)[:1]) for name in ("state", "reason")
        },
        **{f"tried_{name}": Subquery(tried.values(name)[:1]) for name in ("verified", "faults")},
    }
    with public():
        rows = list((organisations() if tenants is None else tenants).annotate(**values).order_by("slug"))
    for row in rows:
        failed = row.newest_reason or "It failed." if row.newest_state == Backup.State.FAILED else ""
        yield State(
            *(str(row.slug), row.last_moment, row.last_bytes or 0, row.last_files or 0),
            *(failed, row.tried_verified, row.tried_faults or ""),
        )


def state_of(tenant: Tenant) -> State:
    """Of this one organisation."""
    return next(states(Tenant.objects.filter(pk=tenant.pk)))
