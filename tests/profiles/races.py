"""What happens at the same moment: real threads, each with a connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, connections, transaction

from profiles.members.changes import locked
from profiles.models import User
from tenants.context import within
from tenants.models import Tenant

SECONDS = 10


def at_once(tenant: Tenant, *actions: Callable[[], Any]) -> list[Any]:
    """What each action returned or raised. They start together, in the organisation, connected already."""
    start = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            with within(tenant):
                connection.ensure_connection()
                start.wait()
                return action()
        except Exception as error:  # noqa: BLE001  the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def members() -> Any:
    return list(User.objects.select_for_update())


def overtaken(
    tenant: Tenant, action: Callable[[], Any], by: Callable[[], Any], locked: Callable[[], Any] = members
) -> Any:
    """What an action returned that had looked already, and waited for what is locked, a member, while `by` was done."""

    def run() -> Any:
        with within(tenant):
            try:
                return action()
            finally:
                connections.close_all()

    with ThreadPoolExecutor(1) as pool, within(tenant):
        with transaction.atomic():
            locked()
            waiting = pool.submit(run)
            wait_for_a_lock()
            by()
        return waiting.result()


def meet(tenant: Tenant, member: User, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What `first` returned or raised, which begins when `second` has locked the owners and this member already,
    as verbs that change a member do. Fails if they wait for each other: PostgreSQL ends one of two that do.
    """

    def caught() -> Any:
        try:
            return first()
        except (ObjectDoesNotExist, PermissionDenied, ValidationError) as refused:
            return refused

    return overtaken(tenant, caught, by=second, locked=partial(locked, member))


def wait_for_a_lock() -> None:
    """Return when another connection waits for us.

    Not by pg_stat_activity, which a transaction always sees as it was at first.
    """
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    for _ in range(SECONDS * 100):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise TimeoutError("No connection waits for a lock.")
