"""For every operation: how a body is parsed, how errors are returned, and that a POST is done once."""

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as SchemaError
from ninja.parser import Parser

from profiles.api.authentication import unauthorised
from profiles.api.once import once_per_key
from profiles.api.problems import Refused, problem, schema_refused, values_refused
from profiles.api.requests import ApiRequest
from profiles.sign_in.removed import is_removed
from shared.bodies import TOO_LARGE
from tenants.limits.counting import TooOften

TYPES = {"body": "application/json", "file": "multipart/form-data"}
Run = Callable[..., HttpResponse]


class StrictParser(Parser):
    """Parses JSON that PostgreSQL can store: without NaN, infinite numbers, lone surrogates and deep nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        value = json.loads(request.body, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # 1e999 is read as infinite.
        return value


def refuse(constant: str) -> None:
    raise ValueError(constant)


def checked(run: Run) -> Run:
    """Wraps each operation: the body has the documented type, and is not too large."""
    sources = {model.__ninja_param_source__ for model in run.__self__.models}  # type: ignore[attr-defined]
    expected = next((type_ for source, type_ in TYPES.items() if source in sources), None)

    @wraps(run)
    def respond(request: ApiRequest, **arguments: Any) -> HttpResponse:
        if expected and request.content_type != expected:
            words = _("The body has to be %(type)s.") % {"type": expected}
            return problem(Refused(415, words, headers={"Accept": expected}))
        try:
            if expected == TYPES["body"]:
                request.body  # noqa: B018  read here, where a too large body can be reported
            else:
                request.POST  # noqa: B018
        except TOO_LARGE:
            return problem(Refused(413))
        return once_per_key(run, request, arguments) if request.method == "POST" else run(request, **arguments)

    return respond


def handle_errors(api: NinjaAPI) -> None:
    """Return the errors of our rules as problems. Django handles all other errors."""
    answers: dict[type[Exception], Callable[[Any], Refused]] = {
        Refused: lambda error: error,
        PermissionDenied: lambda _error: Refused(403),
        Http404: lambda _error: Refused(404),
        HttpError: lambda error: Refused(error.status_code),
        SchemaError: lambda error: schema_refused(error.errors),
        ValidationError: values_refused,
        TooOften: lambda error: Refused(429, headers={"Retry-After": str(error.wait)}),
    }
    for kind, refused in answers.items():
        api.add_exception_handler(kind, partial(answer, refused))
    api.add_exception_handler(ObjectDoesNotExist, gone)
    api.add_exception_handler(DatabaseError, gone)
    api.add_exception_handler(Exception, leave)


def answer(refused: Callable[[Any], Refused], _request: HttpRequest, error: Any) -> HttpResponse:
    return problem(refused(error))


def gone(request: HttpRequest, error: Any) -> HttpResponse:
    """The token's member or the object was removed during this request."""
    if is_removed(request):
        return problem(unauthorised("", error="invalid_token"))
    if isinstance(error, DatabaseError):
        raise error
    return problem(Refused(404))


def leave(_request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja would show a traceback if DEBUG is on."""
    raise error
