"""Tenants made ahead, so that signing up changes rows only: their stock, and how one is taken out of it."""

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
from tenants.context import public
from tenants.errors import AddressTaken, NoSpare
from tenants.fingerprint import code_fingerprint
from tenants.isolation.database_roles import drop_role, drop_schema
from tenants.models import Tenant
from tenants.schemas.template import replay
from tenants.serving import hosts
from tenants.serving.turns import Crowded
from tenants.serving.working import waiting

logger = logging.getLogger(__name__)

# The stock follows how fast it was used in this time, up to a number that a flood of sign-ups cannot exceed.
LOOK_BACK = timedelta(days=7)
MOST = 200
# Who waits looks soon at first and then seldom: many may wait, and each look takes a place.
LOOK_AGAIN_SECONDS = (0.05, 0.4)

# What TenantQuerySet.complete() says.
COMPLETE = "fingerprint <> '' AND (fingerprint = %(fingerprint)s OR also_served_by ? %(fingerprint)s)"

# The oldest spare that nobody else is about to take becomes an organisation with an address, in one statement.
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


# After a commit, PostgreSQL shows its rows to other connections a moment before it tells them of a new role. A sign-up
# in that moment is refused the role, so a second transaction makes the spare claimable. (Connections may also not hear
# of it at all: see DatabaseWrapper._cursor().) Not if a `migrate` has come in between: it brings this one up too.
OFFER = """
UPDATE tenants_tenant SET fingerprint = %(fingerprint)s WHERE id = %(id)s AND fingerprint = ''
AND EXISTS (SELECT FROM tenants_tenant WHERE state = 'template' AND fingerprint = %(fingerprint)s)
"""


def make_spare() -> Tenant:
    """Make one tenant that nobody has yet, whole or not at all, and offer it to sign-ups.

    Killed in between, the next `migrate` offers it. Raises TemplateStale before `migrate` has run.
    """
    with public():
        tenant = Tenant()
        with transaction.atomic():
            replay(tenant)
            made, tenant.fingerprint = tenant.fingerprint, ""
            # save() would ask first whether the schema's name is taken, and CREATE SCHEMA has just answered.
            Tenant.objects.bulk_create([tenant])
        with connection.cursor() as cursor:
            cursor.execute(OFFER, {"fingerprint": made, "id": tenant.pk})
        tenant.fingerprint = made
        return tenant


@transaction.atomic
def discard(tenant: Tenant) -> None:
    """Drop a tenant that has no files yet, such as a spare: its schema, its role and its row, in one transaction."""
    drop_schema(tenant.schema_name)
    drop_role(tenant.schema_name)
    with public():
        tenant.delete()


def set_aside(tenant: Tenant) -> None:
    """Take a spare out of the stock in which there are people: `migrate` offers it again, and it comes back here."""
    logger.error("The spare tenant %s has people in it, and was not handed out.", tenant.schema_name)
    with public():
        Tenant.objects.filter(pk=tenant.pk, state=Tenant.State.SPARE).update(fingerprint="")


def claim_spare(*, name: str, slug: str, domain: str) -> Tenant:
    """Turn a spare into an organisation at this address, in the caller's transaction, and have the stock refilled
    where that leaves it half empty.

    Two who claim at once get two different ones, and neither waits for the other. Raises NoSpare if none is left, and
    AddressTaken, after which the transaction can only be rolled back.
    """
    values = {"fingerprint": code_fingerprint(), "name": name, "slug": slug, "domain": domain}
    try:
        with public():
            found = list(Tenant.objects.raw(CLAIM, {**values, "skeleton": slugs.skeleton(slug)}))
    except IntegrityError as error:
        raise AddressTaken(domain) from error
    if not found:
        raise NoSpare("All tenants that were made ahead are taken. The worker makes more: is it running?")
    (tenant,) = found
    tenant.domain = domain
    hosts.forget()
    if tenant.others <= settings.SPARE_TENANTS // 2:  # of CLAIM
        # Robust: the organisation is there by then, and the stock is looked at each minute anyway.
        transaction.on_commit(ask_for_spares, robust=True)
    return tenant


def wait_for_spare(deadline: float) -> None:
    """Have the stock refilled, and return once there is something in it; someone else may be faster to take it.

    The worker makes it: a request makes no tables (docs/design.md, invariant 6). A request that waits holds neither a
    place nor a connection. Raises NoSpare after `deadline`, a time of time.monotonic(), and at once where too many wait
    already, or inside a transaction, where the worker would not hear of it.
    """
    if not connection.in_atomic_block:
        ask_for_spares()
        seconds, longest = LOOK_AGAIN_SECONDS
        while time.monotonic() < deadline:
            # First: there may be one that is not free, since another sign-up is about to take it.
            wait_outside(seconds)
            seconds = min(2 * seconds, longest)
            with public():
                if Tenant.objects.spare().exists():
                    return
    raise NoSpare("No tenant was made in time. The worker makes them: is it running, and has `migrate` been run?")


def wait_outside(seconds: float) -> None:
    """Wait without a place and a connection. Raises NoSpare where too many do."""
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
        pass  # by somebody else, in this moment


def top_up() -> int:
    """Make spares until there are as many as wanted(), each in a transaction of its own. Returns how many it made."""
    made = 0
    with public():
        while Tenant.objects.spare().count() < wanted():
            make_spare()
            made += 1
    return made


def wanted() -> int:
    """How many spares there should be: as many as were taken in the busiest minute of the past week.

    SPARE_TENANTS at least, for a quiet week, and MOST at most.
    """
    taken = Tenant.objects.filter(activated__gt=timezone.now() - LOOK_BACK).annotate(minute=TruncMinute("activated"))
    by_minute = taken.values("minute").annotate(number=Count("pk")).order_by("-number")
    busiest = by_minute.values_list("number", flat=True).first() or 0
    return max(settings.SPARE_TENANTS, min(busiest, MOST))


# One job waits at most, and one runs at most: two at once would each make all the spares that are missing.
TOP_UP = "tenants.top_up_spares"


@app.periodic(cron="* * * * *")
@app.task(name=TOP_UP, queue="urgent", lock=TOP_UP, queueing_lock=TOP_UP)
def top_up_spares(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Make spare tenants until there are enough; each minute, and when a sign-up finds them half gone."""
    top_up()
