"""Callbacks of a transaction run in the tenant where they were registered."""

import logging
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import TestCase

from tenants.backend.rollback import on_rollback
from tenants.context import current, public, within


class Refused(Exception):
    """Raised to roll a block back."""


@pytest.fixture
def seen() -> list:
    return []


@pytest.fixture
def note(seen):
    return lambda: seen.append(getattr(current(), "slug", None))


@pytest.mark.parametrize("robust", [False, True])
def test_a_callback_runs_where_it_was_registered(acme_and_globex, seen, note, robust):
    acme, globex = acme_and_globex
    with transaction.atomic(), within(globex):
        with within(acme):
            transaction.on_commit(note, robust=robust)
        with transaction.atomic():
            transaction.on_commit(note, robust=robust)
        with public():
            transaction.on_commit(note, robust=robust)
    assert seen == ["acme", "globex", None]
    assert current() is None


def test_without_a_transaction_it_runs_at_once(acme_and_globex, seen, note):
    with within(acme_and_globex[0]):
        transaction.on_commit(note)
        assert seen == ["acme"]


def test_a_callback_that_fails_leaves_no_tenant(acme_and_globex, caplog):
    def fail() -> None:
        raise Refused

    with pytest.raises(Refused), transaction.atomic(), within(acme_and_globex[0]):
        transaction.on_commit(fail)
    assert current() is None
    with transaction.atomic(), within(acme_and_globex[0]):
        transaction.on_commit(partial(fail), robust=True)
    assert "on_commit" in caplog.text


def test_the_connections_own_method_is_no_more_robust_than_django(acme_and_globex):
    def fail() -> None:
        raise Refused

    with pytest.raises(Refused):
        connection.on_commit(fail)


def test_captured_callbacks_run_there_too(acme, seen, note):
    with TestCase.captureOnCommitCallbacks(execute=True), within(acme):
        transaction.on_commit(note)
    assert seen == ["acme"]


def test_what_is_no_function_is_refused(db):
    with pytest.raises(TypeError, match="callable"):
        transaction.on_commit("nothing")  # type: ignore[arg-type]


def test_a_callback_of_a_rollback_that_fails_hides_nothing(acme_and_globex, seen, note, caplog):
    def fail() -> None:
        raise LookupError

    with caplog.at_level(logging.ERROR), pytest.raises(Refused), transaction.atomic():
        on_rollback(note)
        on_rollback(fail)
        raise Refused
    assert seen == [None]
    assert "A callback of on_rollback() failed." in caplog.messages
    assert "LookupError" in caplog.text
