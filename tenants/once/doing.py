"""Idempotent forms: `@once` for views that create something, and the functions behind it.

A page with such a form contains `{% once_key %}`, a random key. Requests with the same key and the same values in every
field are repetitions. The transaction that does the work also stores where it redirected. Of two concurrent requests,
the second waits for the first, is rolled back, and redirects to the same address.
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
from tenants.eager import eager
from tenants.limits.counting import TooOften
from tenants.once.models import Done

FIELD = "once"
# How long an answer is kept. A second click comes earlier.
KEPT = timedelta(hours=1)
# The second of two concurrent requests waits here until the first has committed or rolled back.
NOTE = """
INSERT INTO tenants_done (key, answer, created) VALUES (%s, %s, clock_timestamp()) ON CONFLICT DO NOTHING
"""


class Repeated(Exception):
    """The same form was sent before and took effect: this transaction has to be rolled back."""


def key_of(request: HttpRequest) -> bytes | None:
    """A keyed hash of the form's key and values; None if the form has no key."""
    if request.method != "POST" or not request.POST.get(FIELD):
        return None
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    what = json.dumps([schema_name(), request.path, fields])
    return salted_hmac("tenants.once", what, algorithm="sha256").digest()


def note(key: bytes | None, answer: str) -> None:
    """Store the answer in the transaction that does the work. Raises Repeated if there is one already."""
    if key is None:
        return
    with public(), connection.cursor() as cursor:
        cursor.execute(NOTE, [key, answer])
        if not cursor.rowcount:
            raise Repeated


def answer_to(key: bytes | None) -> str | None:
    """The stored answer to an earlier request with this key, or None."""
    if key is None:
        return None
    with public():
        return Done.objects.filter(key=key).values_list("answer", flat=True).first()


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a view that redirects on success. A repeated request gets the same redirect, without a second effect.

    If only the first response may do something, such as sign in, the view sets `again` on it: the address for repeated
    requests. The view runs in a transaction, so it must not wait for other requests, and must not be async.
    """
    view = eager(view)

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request)
        try:
            response = view(request, *args, **kwargs) if key is None else noted(key, view, request, *args, **kwargs)
        except (Repeated, Http404):
            # A second click finds its work done: the invitation is revoked, the member removed.
            if (answer := answer_to(key)) is None:
                raise
            return redirect(answer)
        if not isinstance(response, HttpResponseRedirect) and (answer := answer_to(key)):
            return redirect(answer)
        return response

    respond.does_once = True  # type: ignore[attr-defined]  # the tests check that its forms have a key
    return respond


def noted(key: bytes, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
    """The view's response, with its redirect stored. Raises Repeated, and rolls back, if there is one already."""
    with transaction.atomic():
        try:
            response = view(*args, **kwargs)
        except TooOften as error:
            refusal = error  # Raised after the commit, so that the count is kept.
        else:
            if isinstance(response, HttpResponseRedirect):
                note(key, getattr(response, "again", response.url))
            return response
    raise refusal


SWEEP_ONCE = "tenants.sweep_once"


@app.periodic(cron="*/10 * * * *")
@app.task(name=SWEEP_ONCE, queueing_lock=SWEEP_ONCE)
def sweep_once(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Delete answers older than KEPT."""
    with public():
        Done.objects.filter(created__lt=Now() - KEPT).delete()
