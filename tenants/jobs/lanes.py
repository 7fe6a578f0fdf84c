"""Lanes: which worker does which jobs, how many at once, and how organisations share a queue.

Jobs that people wait for, spares above all, have their own workers, so that a mail server that does not answer, or a
product's long jobs, cannot delay them. The setting LANES lists the queues of each lane; `manage.py work` runs the jobs.

Within a queue organisations take turns. A job's priority falls by one for each job that its organisation has waiting
in the queue already. So the first job of one organisation is fetched before the second job of another, even if that
one was queued earlier. A trigger sets the priority when a job is queued (migration 0005), with one index look-up.
Fetching costs no more than before; a lock or a limit per organisation would have to be checked for each waiting job on
each fetch. If a queue keeps growing, the organisations that fill it wait longest.
"""

import asyncio
import signal
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

LOST_SECONDS = 10


class WorkerEnded(RuntimeError):
    """A worker has ended without being asked to, usually because the connection to PostgreSQL is lost."""


def check_queues(**_others: Any) -> list[CheckMessage]:
    """Checks that each task's queue is in the setting LANES: in any other queue, jobs would wait for ever."""
    app.perform_import_paths()
    served = {queue for lane in settings.LANES.values() for queue in lane["queues"]}
    return [
        Error(
            f"No lane does the jobs of {name}, which are in the queue {task.queue!r}.",
            hint="Add the queue to a lane of the setting LANES, or give the task a queue that a lane serves.",
            id="tenants.E001",
        )
        for name, task in app.tasks.items()
        if task.queue not in served
    ]


class NoLane(ValueError):
    """There is no lane of this name."""


def chosen(names: Sequence[str], without: Sequence[str]) -> list[str]:
    """The lanes of these names, or all, without some. Raises NoLane."""
    for name in [*names, *without]:
        if name not in settings.LANES:
            raise NoLane(f"There is no lane {name!r}. The lanes are {', '.join(settings.LANES)}.")
    return [name for name in names or settings.LANES if name not in without]


async def work(names: Iterable[str]) -> None:
    """Run the jobs of these lanes until SIGINT or SIGTERM, then finish those that have begun. Raises WorkerEnded."""
    lanes = [worker_options(name) for name in names]
    loop = asyncio.get_running_loop()
    # asyncio's default executor has so few threads that one lane's jobs could occupy all of them.
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
        raise WorkerEnded("A worker has ended without being asked to; the log says why.")


def worker_options(name: str) -> Any:
    """A lane's options for procrastinate's worker."""
    lane = settings.LANES[name]
    return {"name": name, "queues": lane["queues"], "concurrency": lane["concurrency"]}


def queue_connector(lanes: int) -> Any:
    """The connections of one process's workers: each worker keeps one to listen on. Without PostgreSQL the workers end
    after LOST_SECONDS, not after the minute for which the pool would retry.
    """
    return PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=lanes + 2, timeout=LOST_SECONDS)


def stop(workers: list[asyncio.Task[None]]) -> None:
    """Cancel each worker once, so that it finishes the jobs it has begun. A second cancel would abandon them."""
    for worker in workers:
        if not worker.cancelling():
            worker.cancel()
