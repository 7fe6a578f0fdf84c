"""on_rollback: effects outside the database are undone with the transaction."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction

from tenants.backend.rollback import on_rollback
from tenants.context import current, within

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def undone() -> list[object]:
    return []


@pytest.fixture
def mark(undone) -> Callable[[str], None]:
    """Add the name to `undone` if the current transaction is rolled back."""
    return lambda name: on_rollback(lambda: undone.append(name))


@transaction.atomic
def fail_after(*steps: Callable[[], None]) -> None:
    for step in steps:
        step()
    raise ZeroDivisionError


def test_called_once_when_the_transaction_fails(undone, mark):
    for name in ("first", "second"):
        with pytest.raises(ZeroDivisionError):
            fail_after(partial(mark, name))
    connection.close()
    assert undone == ["first", "second"]


def test_called_when_marked_for_rollback(undone, mark):
    with transaction.atomic():
        mark("it")
        transaction.set_rollback(True)
    assert undone == ["it"]


def test_not_called_after_a_commit(undone, mark):
    with transaction.atomic():
        mark("it")
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: mark("a later one"))
    assert undone == ["a later one"]


def test_not_called_outside_a_transaction(undone, mark):
    mark("it")
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: mark("a later one"))
    assert undone == ["a later one"]


def test_called_for_a_savepoint_alone(undone, mark):
    with transaction.atomic():
        mark("outer")
        with pytest.raises(ZeroDivisionError):
            fail_after(lambda: mark("inner"))
        assert undone == ["inner"]
    assert undone == ["inner"]


def test_what_was_marked_around_a_savepoint_is_undone_with_the_transaction(undone, mark):
    def take_back_a_part() -> None:
        with pytest.raises(ZeroDivisionError):
            fail_after(lambda: mark("inner"))

    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: mark("outer"), take_back_a_part)
    assert undone == ["inner", "outer"]


def test_called_for_a_released_savepoint_when_the_rest_fails(undone, mark):
    with pytest.raises(ZeroDivisionError):
        fail_after(transaction.atomic(lambda: mark("it")), lambda: undone.append("still there"))
    assert undone == ["still there", "it"]


def test_called_when_the_connection_is_lost(undone, mark):
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: mark("it"), connection.close)
    assert undone == ["it"]


def test_newest_is_undone_first(undone, mark):
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: mark("first"), lambda: mark("second"))
    assert undone == ["second", "first"]


def test_runs_in_the_tenant_where_it_was_registered(undone, new_tenant):
    tenant = new_tenant("rolling")
    with transaction.atomic():
        with within(tenant):
            on_rollback(lambda: undone.append(current()))
        transaction.set_rollback(True)
    assert undone == [tenant]
