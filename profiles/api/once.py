"""A POST with an Idempotency-Key is done once. If it is sent again, it gets the first response.

The response is stored in the transaction of the work. A second request with the same key waits for the first.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from profiles.api.models import Answer
from profiles.api.problems import Refused, problem
from profiles.api.requests import ApiRequest

HEADER = "Idempotency-Key"
LONGEST = 255
TOO_MANY_REQUESTS = 429


def once_per_key(run: Callable[..., HttpResponse], request: ApiRequest, arguments: dict[str, Any]) -> HttpResponse:
    """Run an operation, or return its stored response. After an error, nothing is changed and nothing is stored."""
    sent = request.headers.get(HEADER)
    if sent is None:
        return run(request, **arguments)
    if not 0 < len(sent) <= LONGEST:
        return problem(Refused(400, _("An Idempotency-Key has 1 to %(most)s characters.") % {"most": LONGEST}))
    key, asked = key_of(request, sent), fingerprint(request)
    with transaction.atomic():
        answer, is_new = Answer.objects.get_or_create(key=key, defaults={"request": asked})
        if not is_new:
            return given(answer, asked)
        response = run(request, **arguments)
        if response.status_code < 400:
            keep(answer, response)
        elif response.status_code == TOO_MANY_REQUESTS:
            answer.delete()  # Rate limits stay counted.
        else:
            transaction.set_rollback(True)
    return response


def key_of(request: ApiRequest, sent: str) -> UUID:
    return UUID(bytes=sha256(f"{request.token.pk} {sent}".encode()).digest()[:16])


def fingerprint(request: ApiRequest) -> str:
    """A hash of the request. For a form with files, which are not read here, it contains the length."""
    is_json = request.content_type == "application/json"
    body = request.body if is_json else request.headers.get("Content-Length", "").encode()
    return sha256(request.get_full_path().encode() + b"\0" + body).hexdigest()


def keep(answer: Answer, response: HttpResponse) -> None:
    answer.status, answer.location = response.status_code, response.get("Location", "")
    answer.body = response.content.decode()
    answer.save()


def given(answer: Answer, asked: str) -> HttpResponse:
    if answer.request != asked:
        return problem(Refused(422, _("This Idempotency-Key was sent with another request."), code="idempotency_key"))
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    if answer.location:
        response["Location"] = answer.location
    response["Idempotency-Replayed"] = "true"
    return response
