"""Functions that run after their call has returned are refused; streams run in their tenant to the end."""

from functools import partial, singledispatch, wraps

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.dispatch import Signal
from procrastinate.contrib.django import app

from tenants.backend.rollback import on_rollback
from tenants.cleaning import nightly
from tenants.context import as_owner, bound, current, public, within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.once.doing import once
from tenants.serving.streaming import async_parts, parts
from tenants.signals import tenant_receiver
from tenants.tasks import TenantTask, tenant_task


class Calls:
    """Objects that are called like functions."""

    async def __call__(self) -> None:
        raise AssertionError

    def parts(self):
        yield "part"


async def wait() -> None:
    raise AssertionError


async def wait_for_parts():
    yield "part"


LATE = {
    "coroutine": wait,
    "async generator": wait_for_parts,
    "generator": Calls().parts,
    "partial": partial(partial(wait)),
    "object": Calls(),
    "partial of an object": partial(Calls()),
    "sync_to_async": sync_to_async(print),
}


@pytest.mark.parametrize("function", LATE.values(), ids=LATE)
@pytest.mark.parametrize(
    "wrap",
    [
        tenant_task,
        tenant_task(queue="mail"),
        bound,
        within(Tenant()),
        public(),
        as_owner(),
        limited("job"),
        transaction.on_commit,
        on_rollback,
        nightly,
        once,
    ],
    ids=[
        "tenant_task",
        "with options",
        "bound",
        "within",
        "public",
        "as_owner",
        "limited",
        "on_commit",
        "on_rollback",
        "nightly",
        "once",
    ],
)
def test_what_works_after_its_call_is_not_wrapped(function, wrap, db):
    """It would run in the caller's later context: in `public`, or in another organisation."""
    with pytest.raises(TypeError, match="runs after its call has returned"):
        wrap(function)


@wraps(wait)
def decorated(*_args: object, **_given: object):
    """By a decorator that does not know what it decorates."""
    return wait()


@singledispatch
def dispatched(*_args: object):
    return wait_for_parts()


HIDDEN = {"decorated": decorated, "dispatched": partial(dispatched, None), "lambda": lambda: Calls().parts()}


@pytest.mark.parametrize("function", HIDDEN.values(), ids=HIDDEN)
def test_what_hides_that_it_works_after_its_call_is_refused_when_it_is_called(function, acme):
    job = TenantTask(function, name="tests.hidden")
    del app.tasks["tests.hidden"]
    with within(acme):
        for call in (job, bound(function), within(acme)(function), public()(function), limited("job")(function)):
            with pytest.raises(TypeError, match="runs after its call has returned"):
                call()


def test_a_receiver_that_hides_it_is_refused_when_it_is_called(acme):
    saved = Signal()
    tenant_receiver(saved)(decorated)
    with within(acme), pytest.raises(TypeError, match="runs after its call has returned"):
        saved.send(None)


@pytest.mark.parametrize(
    "function", [partial(print), type("Say", (), {"__call__": print})()], ids=["partial", "object"]
)
def test_what_has_no_name_is_neither_a_job_nor_a_receiver(function):
    for wrap in (tenant_task, tenant_receiver(Signal())):
        with pytest.raises(TypeError, match="has no name"):
            wrap(function)


@pytest.mark.parametrize("function", [wait_for_parts, Calls().parts])
def test_a_receiver_is_no_generator(function):
    with pytest.raises(TypeError, match="runs after its call has returned"):
        tenant_receiver(Signal())(function)


def test_ordinary_functions_are_wrapped(acme):
    for function in (current, partial(current), type("Where", (), {"__call__": lambda _: current()})()):
        assert within(acme)(function)() == acme
        with within(acme):
            run = bound(function)
        assert run() == acme


def test_a_stream_begins_and_ends_in_its_tenant(acme):
    seen = []

    class Content:
        def __iter__(self):
            seen.append(current())
            return self.parts()

        def parts(self):
            try:
                yield b"part"
            finally:
                seen.append(current())

    stream = parts(acme, Content())
    next(stream)
    stream.close()
    assert seen == [acme, acme]
    assert current() is None


def test_an_async_stream_ends_in_its_tenant(acme):
    seen = []

    async def content():
        try:
            yield b"part"
        finally:
            seen.append(current())

    async def drop() -> None:
        stream = async_parts(acme, content())
        await anext(stream)
        await stream.aclose()

    async_to_sync(drop)()
    assert seen == [acme]
