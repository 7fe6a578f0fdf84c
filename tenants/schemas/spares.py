"""Tenants made ahead, so that signing up changes rows only: their stock, and how one is taken out of it."""

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

# The stock follows how fast it was used in this time, up to a number that a flood of sign-ups cannot exceed.
LOOK_BACK = timedelta(days=7)
MOST = 200
LOOK_AGAIN_SECONDS = 0.05

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


@transaction.atomic
def make_spare() -> Tenant:
    """Make one tenant that nobody has yet, whole or not at all. Raises TemplateStale before `migrate` has
    run.
    """
    with public():
        tenant = Tenant()
        replay(tenant)
        tenant.save()
        return tenant


@transaction.atomic
def discard(tenant: Tenant) -> None:
    """Drop a tenant that has no files yet, such as a spare: its schema, its role and its row, in one transaction."""
    drop_schema(tenant.schema_name)
    drop_role(tenant.schema_name)
    with public():
        tenant.delete()


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

    The worker makes it: a request makes no tables (DESIGN.md, invariant 6). Raises NoSpare after `deadline`, a time of
    time.monotonic(), and at once inside a transaction, where the worker would not hear of it.
    """
    if not connection.in_atomic_block:
        ask_for_spares()
        while time.monotonic() < deadline:
            # First: there may be one that is not free, since somebody is about to take it.
            time.sleep(LOOK_AGAIN_SECONDS)
            with public():
                if Tenant.objects.spare().exists():
                    return
    raise NoSpare("No tenant was made in time. The worker makes them: is it running, and has `migrate` been run?")


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
@app.task(name=TOP_UP, lock=TOP_UP, queueing_lock=TOP_UP)
def top_up_spares(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Make spare tenants until there are enough; each minute, and when a sign-up finds them half gone."""
    top_up()
