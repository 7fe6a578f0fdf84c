"""The state of the backups of each organisation, for commands and for operators: states(), finding()."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from profiles.backups.models import Backup
from profiles.backups.scheduling import organisations
from tenants.context import public
from tenants.models import Tenant
from tenants.readiness.findings import Finding

# A backup is stale when the next one is as late again, and a few hours more: the queue may be long.
SLACK = timedelta(hours=6)


@dataclass(frozen=True)
class State:
    """Of one organisation, which exists since `since`. `last` is the newest backup, `failed` why a newer one failed.

    `verified` is when one was restored for a test, and `faults` what was wrong then.
    """

    slug: str
    since: datetime
    last: datetime | None
    bytes: int
    files: int
    failed: str
    verified: datetime | None
    faults: str

    @property
    def is_stale(self) -> bool:
        """Is there no backup as new as it should be? Never, where none are scheduled."""
        return bool(settings.BACKUP_EVERY_HOURS) and (self.last or self.since) < too_old()

    @property
    def word(self) -> str:
        """The worst that is true: "faulty", "failed", "stale", "none yet", "verified" or "not verified yet"."""
        if self.faults:
            return "faulty"
        if self.failed:
            return "failed"
        if self.is_stale:
            return "stale"
        if self.last is None:
            return "none yet"
        return "verified" if self.verified else "not verified yet"


def too_old() -> datetime:
    """A newest backup of before is stale."""
    return timezone.now() - timedelta(hours=settings.BACKUP_EVERY_HOURS) - SLACK


def annotated(tenants: "QuerySet[Tenant]") -> Any:
    """With what State needs, read from the newest backups by an index."""
    of_tenant = Backup.objects.filter(vault__tenant=OuterRef("pk"))
    newest = of_tenant.order_by("-moment", "-pk")
    done, tried = newest.done(), newest.exclude(verified=None).order_by("-verified")
    return tenants.annotate(
        since=Coalesce("activated", "created"),
        **{f"last_{name}": Subquery(done.values(name)[:1]) for name in ("moment", "bytes", "files")},
        **{
            f"newest_{name}": Subquery(newest.exclude(state="running").values(name)[:1]) for name in ("state", "reason")
        },
        **{f"tried_{name}": Subquery(tried.values(name)[:1]) for name in ("verified", "faults")},
    )


def states(tenants: "QuerySet[Tenant] | None" = None) -> Iterator[State]:
    """Of these organisations, or of all, in one statement."""
    with public():
        rows = list(annotated(organisations() if tenants is None else tenants).order_by("slug"))
    for row in rows:
        failed = row.newest_reason or "It failed." if row.newest_state == Backup.State.FAILED else ""
        yield State(
            *(str(row.slug), row.since, row.last_moment, row.last_bytes or 0, row.last_files or 0),
            *(failed, row.tried_verified, row.tried_faults or ""),
        )


def is_stale() -> Q:
    """As State.is_stale, of annotated rows."""
    if not settings.BACKUP_EVERY_HOURS:
        return Q(pk=None)
    return Q(last_moment__lt=too_old()) | Q(last_moment=None, since__lt=too_old())


def finding() -> Finding:
    """Of all, for readiness and for the console: PostgreSQL counts them in one statement."""
    numbers = {
        "faulty": Count("pk", filter=Q(tried_faults__gt="")),
        "failed": Count("pk", filter=Q(newest_state=Backup.State.FAILED)),
    } | ({"stale": Count("pk", filter=is_stale())} if settings.BACKUP_EVERY_HOURS else {})
    with public():
        found = annotated(organisations()).aggregate(all=Count("pk"), **numbers)
    words = ", ".join(f"{found[name]} {name}" for name in numbers)
    return Finding("backups", not any(found[name] for name in numbers), f"{words}, of {found['all']} organisations")
