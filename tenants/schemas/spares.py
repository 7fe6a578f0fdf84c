"""Spares: tenants created in advance, so that a sign-up only changes rows. How they are created and claimed."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.db.models.functions import TruncMinute
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from tenants.addresses import slugs
from tenants.context import public, within
from tenants.errors import AddressTaken, NoSpare
from tenants.fingerprint import code_fingerprint
from tenants.isolation.database_roles import drop_role, drop_schema
from tenants.models import Tenant
from tenants.schemas.changes import schema_changes
from tenants.schemas.template import UNHURRIED, replay
from tenants.serving import hosts
from tenants.serving.turn import Crowded
from tenants.serving.working import waiting

logger = logging.getLogger(__name__)

# The size of the stock follows the sign-ups of this period, up to MOST, which a flood of sign-ups cannot exceed.
LOOK_BACK = timedelta(days=7)
MOST = 200
# A waiting sign-up checks soon at first, then more seldom: many may wait, and each check takes a turn.
LOOK_AGAIN_SECONDS = (0.05, 0.4)

# The same condition as TenantQuerySet.complete().
COMPLETE = "fingerprint <> '' AND (fingerprint = %(fingerprint)s OR also_served_by ? %(fingerprint)s)"

# The oldest spare that no other transaction has locked becomes an organisation with an address, in one statement.
# https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE
CLAIM = f"""
WITH spare AS (
    SELECT id FROM tenants_tenant WHERE state = 'spare' AND {COMPLETE}
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE tenants_tenant SET state = 'active', activated = clock_timestamp(),
        name = %(name)s, slug = %(slug)s, slug_skeleton = %(skeleton)s
    FROM spare WHERE tenants_tenant.id = spare.id RETURNING tenants_tenant.*
), address AS (
    INSERT INTO tenants_domain (domain, tenant_id, is_primary) SELECT %(domain)s, id, true FROM claimed
)
SELECT claimed.*, (
    SELECT count(*) - 1 FROM tenants_tenant WHERE state = 'spare' AND {COMPLETE}
) AS others FROM claimed
"""  # noqa: S608  our own words


# After a commit, other connections see new rows a moment before they learn of a new role. A sign-up in that moment
# could not switch to the role, so a second transaction makes the spare claimable. (A connection may also not learn of
# the role at all: see DatabaseWrapper._cursor().) If a `migrate` has run in between, it migrates this spare too.
OFFER = f"""{UNHURRIED};
UPDATE tenants_tenant SET fingerprint = %(fingerprint)s WHERE id = %(id)s AND fingerprint = ''
AND EXISTS (SELECT FROM tenants_tenant WHERE state = 'template' AND fingerprint = %(fingerprint)s)
"""  # noqa: S608  our own words


def make_spare() -> Tenant:
    """Create one spare, completely or not at all, and make it claimable.

    If the process is killed in between, the next `migrate` makes it claimable. Raises TemplateStale before `migrate`
    has run.
    """
    with public():
        tenant = Tenant()
        with transaction.atomic():
            replay(tenant)
            made, tenant.fingerprint = tenant.fingerprint, ""
            # save() would query first whether the schema's name is taken; CREATE SCHEMA has already checked that.
            Tenant.objects.bulk_create([tenant])
        with connection.cursor() as cursor:
            cursor.execute(OFFER, {"fingerprint": made, "id": tenant.pk})
        tenant.fingerprint = made
        return tenant


@transaction.atomic
def discard(tenant: Tenant) -> None:
    """Drop a tenant that has no files yet, such as a spare: its schema, its role and its row, in one transaction."""
    with within(tenant), schema_changes():
        drop_schema(tenant.schema_name)
        drop_role(tenant.schema_name)
    with public():
        tenant.delete()


def set_aside(tenant: Tenant) -> None:
    """Take a spare that has members out of the stock. `migrate` puts it back, and the next claim finds it again."""
    logger.error("The spare tenant %s has people in it, and was not handed out.", tenant.schema_name)
    with public():
        Tenant.objects.filter(pk=tenant.pk, state=Tenant.State.SPARE).update(fingerprint="")


def claim_spare(*, name: str, slug: str, domain: str) -> Tenant:
    """Turn a spare into an organisation at this address, in the caller's transaction, and have the stock refilled
    if it is half empty then.

    Concurrent claims get different spares, and do not wait for each other. Raises NoSpare if none is left, and
    AddressTaken, after which the transaction can only be rolled back.
    """
    values = {"fingerprint": code_fingerprint(), "name": name, "slug": slug, "domain": domain}
    try:
        with public():
            found = list(Tenant.objects.raw(CLAIM, {**values, "skeleton": slugs.skeleton(slug)}))
    except IntegrityError as error:
        raise AddressTaken(domain) from error
    if not found:
        raise NoSpare("All spare tenants are taken. The worker makes more: is it running?")
    (tenant,) = found
    tenant.domain = domain
    hosts.forget()
    if tenant.others <= settings.SPARE_TENANTS // 2:  # of CLAIM
        # Robust: the organisation is committed by then, and the stock is checked every minute anyway.
        transaction.on_commit(ask_for_spares, robust=True)
    return tenant


def wait_for_spare(deadline: float) -> None:
    """Have the stock refilled, and return once it has a spare, which another sign-up may claim first.

    The worker creates it: requests never create tables (docs/design.md, invariant 6). A waiting request holds neither a
    place nor a connection. Raises NoSpare after `deadline`, a time of time.monotonic(). Raises it at once if too many
    requests wait already, or inside a transaction, since the worker would not see the job before the commit.
    """
    if not connection.in_atomic_block:
        ask_for_spares()
        seconds, longest = LOOK_AGAIN_SECONDS
        while time.monotonic() < deadline:
            # Wait before the check: a spare that is visible now may be locked by another sign-up.
            wait_outside(seconds)
            seconds = min(2 * seconds, longest)
            with public():
                if Tenant.objects.spare().exists():
                    return
    raise NoSpare("No tenant was made in time. The worker makes them: is it running, and has `migrate` been run?")


def wait_outside(seconds: float) -> None:
    """Wait without a place and a connection. Raises NoSpare if too many requests wait already."""
    try:
        with waiting():
            time.sleep(seconds)
    except Crowded as error:
        raise NoSpare("Too many sign-ups wait for a tenant already. The worker makes them: is it running?") from error


def ask_for_spares() -> None:
    """Have the stock of spares refilled soon; one waiting job is enough for any number of sign-ups."""
    try:
        with public(), transaction.atomic():
            if not ProcrastinateJob.objects.filter(queueing_lock=TOP_UP, status="todo").exists():
                top_up_spares.defer()
    except AlreadyEnqueued:
        pass  # Another request has just queued it.


def top_up() -> int:
    """Create spares until there are wanted() of them, each in its own transaction. Returns how many it created."""
    made = 0
    with public():
        while Tenant.objects.spare().count() < wanted():
            make_spare()
            made += 1
    return made


def wanted() -> int:
    """The target size of the stock: the number claimed in the busiest minute of the past week, but at least
    SPARE_TENANTS and at most MOST.
    """
    taken = Tenant.objects.filter(activated__gt=timezone.now() - LOOK_BACK).annotate(minute=TruncMinute("activated"))
    by_minute = taken.values("minute").annotate(number=Count("pk")).order_by("-number")
    busiest = by_minute.values_list("number", flat=True).first() or 0
    return max(settings.SPARE_TENANTS, min(busiest, MOST))


# At most one job waits, and at most one runs: two at once would each create all missing spares.
TOP_UP = "tenants.top_up_spares"


@app.periodic(cron="* * * * *")
@app.task(name=TOP_UP, queue="urgent", lock=TOP_UP, queueing_lock=TOP_UP)
def top_up_spares(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Refill the stock of spares: every minute, and when a sign-up leaves it half empty."""
    top_up()
