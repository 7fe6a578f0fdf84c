"""Threads that share connections and switch organisations, with all that can go wrong in a request."""

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress

from django.db import DatabaseError, InterfaceError, connection, connections, transaction

from profiles.models import User
from tenants.context import as_owner, current, public, within
from tests.tenants.where import address_of, ask, owners_address, search_path

# In all threads together; SWITCHES=10000 looks longer.
SWITCHES = int(os.environ.get("SWITCHES", "1000"))
THREADS = 6

Share = Callable[[], AbstractContextManager[None]]


class Refused(Exception):
    """Raised to roll a block back."""


def shuffle(tenants: list, share: Share) -> None:
    """Asserts that each statement runs in the right schema. `share` is around each request."""
    with ThreadPoolExecutor(THREADS) as threads:
        answers = [*threads.map(serve, range(THREADS), [tenants] * THREADS, [share] * THREADS)]
    right, wrong, lost = (sum(numbers) for numbers in zip(*answers, strict=True))
    assert wrong == 0
    assert right > 0.9 * SWITCHES, f"{lost} lost their connection"


def serve(seed: int, tenants: list, share: Share) -> tuple[int, int, int]:
    """A thread's requests: how many were in the right schema, in a wrong one, and without a connection."""
    chance, right, wrong, lost = random.Random(seed), 0, 0, 0  # noqa: S311  a shuffle that can be repeated
    for _ in range(SWITCHES // THREADS):
        tenant = chance.choice([*tenants, None])
        with share():
            try:
                with within(tenant) if tenant else public():
                    if visit(chance, tenants):
                        right += 1
                    else:
                        wrong += 1
            except (DatabaseError, InterfaceError):
                lost += 1
            wrong += current() is not None
    connections.close_all()
    return right, wrong, lost


def visit(chance: random.Random, tenants: list) -> bool:
    """A request; returns whether all its statements ran in the right schema."""
    is_right = is_here()
    is_atomic = chance.random() < 0.5
    with suppress(Refused), transaction.atomic() if is_atomic else nullcontext():
        with suppress(Refused), transaction.atomic(), within(chance.choice(tenants)):
            is_right &= is_here()
            raise Refused
        if is_atomic and chance.random() < 0.2:
            with suppress(DatabaseError):
                ask("SELECT 1 / 0")
            raise Refused
        is_right &= chance.choice([is_here, read_with_named_cursor])()
        if chance.random() < 0.2:
            raise Refused
    if chance.random() < 0.1:
        leave_a_mess(tenants)
    elif chance.random() < 0.02:
        with public():
            ask("SELECT pg_terminate_backend(pg_backend_pid())")
    else:
        is_right &= is_here()
    return is_right


def is_here() -> bool:
    here = current()
    return search_path() == "public" if here is None else owners_address() == address_of(here)


def read_with_named_cursor() -> bool:
    here = current()
    if here is None:
        return True
    read = User.objects.filter(pk=1).values_list("email", flat=True).iterator(chunk_size=1)
    return next(iter(read)) == address_of(here)


def leave_a_mess(tenants: list) -> None:
    """The next request would be in another schema, or read this tenant's people from a table of the same name."""
    with within(tenants[0]), as_owner():
        with suppress(DatabaseError):
            ask("CREATE TEMPORARY TABLE profiles_user AS TABLE profiles_user")
        ask("SELECT pg_advisory_lock_shared(1)")
        ask("SET search_path = nowhere")
    connection.close()
