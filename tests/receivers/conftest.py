"""Receivers that are connected while a test runs, and not for the tests of others."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, reload
from types import ModuleType

import pytest
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal


@contextmanager
def signals_as_they_were(*signals: Signal) -> Iterator[None]:
    before = [list(signal.receivers) for signal in signals]
    yield
    for signal, receivers in zip(signals, before, strict=True):
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()


@pytest.fixture
def receivers(db: None) -> Iterator[ModuleType]:
    with signals_as_they_were(pre_save, post_save, post_delete):
        yield reload(import_module("tests.receivers.receivers"))
