"""The jobs of this app, which procrastinate looks for here."""

from procrastinate.contrib.django import app

from profiles.operators import census

TAKE = "profiles.take_census"


# At night, before organisations are cleaned up; and one at a time, also if it is asked for by day.
@app.periodic(cron="47 2 * * *")
@app.task(name=TAKE, lock=TAKE, queueing_lock=TAKE, priority=-1)
def take_census(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    census.take()
