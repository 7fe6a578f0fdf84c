"""Lanes: which worker does which jobs, how many at once, and how organisations share a queue.

What people wait for, spares above all, has workers of its own: a mail server that does not answer, or a product's long
jobs, must not hold it up. The setting LANES says which queues a lane serves; `manage.py work` does the jobs.

Within a queue organisations take turns. A job's priority falls by one with each job that its organisation has waiting
there already, so the first one of an organisation is fetched before the second one of another, however many of those
were there earlier. A trigger says so when a job is queued (migration 0005), by one look into an index: fetching costs
what it did, while a lock or a bound for each organisation would be looked at again for each job that waits. Where a
queue grows for ever, the organisations that fill it wait longest.
"""

import asyncio
import signal
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

LOST_SECONDS = 10


class WorkerEnded(RuntimeError):
    """A worker has ended that was not asked to: PostgreSQL is lost, as a rule."""


def check_queues(**_others: Any) -> list[CheckMessage]:
    """No job may wait for ever in a queue that no worker looks at: each task's queue is in the setting LANES."""
    app.perform_import_paths()
    served = {queue for lane in settings.LANES.values() for queue in lane["queues"]}
    return [
        Error(
            f"No lane does the jobs of {name}, which are in the queue {task.queue!r}.",
            hint="Add the queue to one of the setting LANES, or give the task a queue that is there.",
            id="tenants.E001",
        )
        for name, task in app.tasks.items()
        if task.queue not in served
    ]


async def work(names: Iterable[str]) -> None:
    """Do the jobs of these lanes until SIGINT or SIGTERM, and then end those that have begun. Raises WorkerEnded."""
    lanes = [worker_options(name) for name in names]
    loop = asyncio.get_running_loop()
    # asyncio's own has so few threads that one lane's jobs could take all of them.
    loop.set_default_executor(ThreadPoolExecutor(sum(lane["concurrency"] for lane in lanes)))
    with app.replace_connector(queue_connector(len(lanes))):
        async with app.open_async():
            workers = [
                asyncio.create_task(app.run_worker_async(**lane, install_signal_handlers=False)) for lane in lanes
            ]
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, stop, workers)
            await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            stop(workers)
            ends = await asyncio.gather(*workers, return_exceptions=True)
    if not all(isinstance(end, asyncio.CancelledError) for end in ends):
        raise WorkerEnded("A worker has ended that was not asked to; the log says why.")


def worker_options(name: str) -> Any:
    """What procrastinate is told of a lane."""
    lane = settings.LANES[name]
    return {"name": name, "queues": lane["queues"], "concurrency": lane["concurrency"]}


def queue_connector(lanes: int) -> Any:
    """What the workers of one process ask for jobs: each of them keeps a connection to listen on. Without PostgreSQL
    they end after some seconds, and not after the minute that the pool would try.
    """
    return PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=lanes + 2, timeout=LOST_SECONDS)


def stop(workers: list[asyncio.Task[None]]) -> None:
    """Ask each of them once: it ends what it has begun. Asked again, it would leave that."""
    for worker in workers:
        if not worker.cancelling():
            worker.cancel()
