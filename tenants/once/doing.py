"""Doing once what is sent twice: `@once` for views that make something, and what it is made of.

A page with such a form has `{% once_key %}` in it: a random key. What is sent with the same key, and the same in every
field, is the same act. Its answer is kept in the transaction that does it; of two at once, the second waits for the
first, is undone, and leads to the same place.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from tenants.current import public, schema_name
from tenants.limits.counting import TooOften
from tenants.once.models import Done

FIELD = "once"
# How long an answer is kept: nobody's second click comes later.
KEPT = timedelta(hours=1)
# The second of two waits here until the first has ended, however it does.
NOTE = """
INSERT INTO tenants_done (key, answer, created) VALUES (%s, %s, clock_timestamp()) ON CONFLICT DO NOTHING
"""


class Repeated(Exception):
    """The same form has been sent before, and has done its work: what this transaction did is to be undone."""


def key_of(request: HttpRequest) -> bytes | None:
    """What stands for this act; None where the form has no key."""
    if request.method != "POST" or not request.POST.get(FIELD):
        return None
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    what = json.dumps([schema_name(), request.path, fields])
    return salted_hmac("tenants.once", what, algorithm="sha256").digest()


def note(key: bytes | None, answer: str) -> None:
    """Keep where the act has led, in the transaction that did it. Raises Repeated if it was done before."""
    if key is None:
        return
    with public(), connection.cursor() as cursor:
        cursor.execute(NOTE, [key, answer])
        if not cursor.rowcount:
            raise Repeated


def answer_to(key: bytes | None) -> str | None:
    """Where an act has led that is done."""
    if key is None:
        return None
    with public():
        return Done.objects.filter(key=key).values_list("answer", flat=True).first()


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose redirect says that it has done its work. Sent again, the form leads to the same place.

    That is the response's `again`, where the view has given it one, for what only the first answer can do. The view
    runs in a transaction: it must not wait for others.
    """

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request)
        try:
            response = view(request, *args, **kwargs) if key is None else noted(key, view, request, *args, **kwargs)
        except (Repeated, Http404):
            # What a second click would do, is done: the invitation is revoked, the member has gone.
            if (answer := answer_to(key)) is None:
                raise
            return redirect(answer)
        if not isinstance(response, HttpResponseRedirect) and (answer := answer_to(key)):
            return redirect(answer)
        return response

    respond.does_once = True  # type: ignore[attr-defined]  # the suite asks whether its forms have a key
    return respond


def noted(key: bytes, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
    """What a view answers, with its redirect kept. Raises Repeated, and undoes what it did, if there was one before."""
    with transaction.atomic():
        try:
            response = view(*args, **kwargs)
        except TooOften as error:
            refusal = error  # What was counted stays counted.
        else:
            if isinstance(response, HttpResponseRedirect):
                note(key, getattr(response, "again", response.url))
            return response
    raise refusal


SWEEP_ONCE = "tenants.sweep_once"


@app.periodic(cron="*/10 * * * *")
@app.task(name=SWEEP_ONCE, queueing_lock=SWEEP_ONCE)
def sweep_once(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Forget answers that no second click will ask for."""
    with public():
        Done.objects.filter(created__lt=Now() - KEPT).delete()
