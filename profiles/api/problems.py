"""Error responses: application/problem+json. https://www.rfc-editor.org/rfc/rfc9457"""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

PROBLEM = "application/problem+json"
Errors = Iterable[dict[str, str]]


class Refused(Exception):
    """Raised to answer a request with a problem."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        code: str = "",
        errors: Errors = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.code = status, detail, code
        self.errors, self.headers = list(errors), dict(headers)


def problem(refused: Refused) -> HttpResponse:
    return HttpResponse(body(refused), status=refused.status, content_type=PROBLEM, headers=refused.headers)


def body(refused: Refused) -> bytes:
    told: dict[str, Any] = {"title": HTTPStatus(refused.status).phrase, "status": refused.status}
    more = {"detail": refused.detail or explanation(refused.status), "code": refused.code, "errors": refused.errors}
    return json.dumps(told | {name: value for name, value in more.items() if value}).encode()


def explanation(status: int) -> str:
    """The default explanation of a status."""
    return {
        400: _("The request cannot be read."),
        403: _("Your role does not allow this."),
        404: _("There is nothing at this address, or you may not see it."),
        405: _("This address does not take this method. The Allow header names those that it takes."),
        408: _("The request did not arrive in time."),
        413: _("The request is too large."),
        429: _("Too many requests. The Retry-After header says in how many seconds to try again."),
        500: _("This was our mistake, and we have been notified."),
        503: _("This is not available right now. The Retry-After header says in how many seconds to try again."),
    }.get(status, "")


def form_refused(form: forms.BaseForm) -> Refused:
    """The errors of a form, by field."""
    found = [error_of(error, field) for field, errors in form.errors.as_data().items() for error in spread(errors)]
    return Refused(422, _("The values are not valid."), errors=found)


def values_refused(error: ValidationError, *, field: str = "") -> Refused:
    """The errors of a verb's ValidationError: by its own fields, or for this field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {field: error.error_list}
    found = [error_of(each, name) for name, errors in by_field.items() for each in spread(errors)]
    return Refused(422, _("The values are not valid."), errors=found)


def state_refused(error: ValidationError) -> Refused:
    """409, for a verb that is impossible in the current state."""
    return Refused(409, error.messages[0], code=str(getattr(error, "code", "") or ""))


def spread(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Each error with a single message."""
    for error in errors:
        yield from error.error_list


def error_of(error: ValidationError, field: str) -> dict[str, str]:
    where = {} if field in ("", NON_FIELD_ERRORS) else {"pointer": f"#/{field}"}
    return {**where, "detail": error.messages[0], **({"code": str(error.code)} if error.code else {})}


def schema_refused(errors: Iterable[dict[str, Any]]) -> Refused:
    """The errors of pydantic: for a body by JSON pointer, else by the name of the parameter."""
    found = []
    for error in errors:
        source, *path = map(str, error["loc"])
        # Ninja puts the name of the function's argument first.
        where = {"pointer": "#" + "".join(f"/{part}" for part in path[1:])} if source == "body" else {}
        if source != "body":
            where = {"parameter": path[-1] if path else source}
        found.append({**where, "detail": error["msg"], "code": error["type"]})
    return Refused(422, _("The values are not valid."), errors=found)
