"""Responses of operations: an object with its version, or a page of a list with the URL of the next page."""

import json
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django.db import models, transaction
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field

from profiles.api.problems import Refused
from profiles.api.requests import ApiRequest
from profiles.models import User
from shared.keyset import Keys
from tenants.context import required

M = TypeVar("M", bound=models.Model)
JSON = "application/json"


class Representation(Schema):
    """The representation of an object. `key` is in every response; `?fields=` can leave out the other fields."""

    key: ClassVar[str]


class Input(Schema):
    """A request body. An unknown name is an error."""

    model_config = ConfigDict(extra="forbid")


class Sparse(Schema):
    """The parameter of all operations that return objects."""

    fields: str = Field("", max_length=500, description="Names of fields, with commas between: only these are sent.")

    def names(self, kind: type[Representation]) -> frozenset[str] | None:
        asked = frozenset(filter(None, self.fields.split(",")))
        if unknown := asked - set(kind.model_fields):
            words = _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))}
            raise Refused(422, words, errors=[{"parameter": "fields", "detail": words}])
        return asked or None


class Paged(Sparse):
    """The parameters of lists."""

    limit: Annotated[int, Field(ge=1, le=100)] = Field(50, description="How many objects a page has.")
    after: str = Field("", max_length=500, description="The place where the page before ended, as `next` has it.")


def body_of(shown: Representation, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """No method of Representation: an app may have a field of any name there."""
    return shown.model_dump(mode="json", include=set(fields | {shown.key}) if fields else None)


def one(
    request: ApiRequest, shown: Representation, *, fields: frozenset[str] | None = None, status: int = 200
) -> HttpResponse:
    """An object, with its version as ETag; 304 if the client has this version."""
    etag = version(shown)
    if request.method == "GET" and etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(json.dumps(body_of(shown, fields)), status=status, content_type=JSON)
    response["ETag"] = etag
    return response


def nothing() -> HttpResponse:
    """The response to a DELETE."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def version(shown: Representation) -> str:
    """Identifies the state of an object, as this viewer sees it."""
    return quote_etag(sha256(json.dumps(body_of(shown), sort_keys=True).encode()).hexdigest()[:32])


@contextmanager
def unless_changed(request: ApiRequest, member: User, shown: Callable[[], Representation]) -> Iterator[None]:
    """Change an object only if the client knows its current state, else raise Refused (412). Without If-Match, always.

    `member` is locked meanwhile: the member that the object belongs to, or the one who changes it.
    """
    known = request.headers.get("If-Match", "")
    with transaction.atomic():
        if known:
            User.objects.select_for_update(of=["self"], no_key=True).get(pk=member.pk)
            if "*" not in (etags := parse_etags(known)) and version(shown()) not in etags:
                raise Refused(412, _("This has changed since you read it. Read it again."), code="changed")
        yield


def page(
    request: ApiRequest,
    whole: "models.QuerySet[M]",
    asked: Paged,
    kind: type[Representation],
    shown: Callable[[M], Representation],
) -> HttpResponse:
    """A page of a list in its own order. Rows that are deleted meanwhile do not end the list early."""
    fields, keys = asked.names(kind), Keys(whole)
    found = list(beyond(whole, keys, asked.after)[: asked.limit + 1])
    rows, more = found[: asked.limit], len(found) > asked.limit
    following = address(request, asked, keys.text(rows[-1])) if more else None
    response = HttpResponse(
        json.dumps({"items": [body_of(shown(row), fields) for row in rows], "next": following}), content_type=JSON
    )
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def beyond(whole: "models.QuerySet[M]", keys: Keys, after: str) -> "models.QuerySet[M]":
    """The part of a list after a position. Raises Refused (422) for an invalid position."""
    if not after:
        return whole
    if not (place := keys.place(after)):
        words = _("This is no place in the list. Take it from the answer before.")
        raise Refused(422, words, errors=[{"parameter": "after", "detail": words}])
    return whole.filter(keys.beyond(place, backwards=False))


def address(request: ApiRequest, asked: Paged, after: str) -> str:
    """The URL of the next page: the same query from another position."""
    given = {name: value for name, value in asked.model_dump(mode="json").items() if value not in ("", None)}
    return absolute(f"{request.path}?{urlencode(given | {'after': after})}")


def absolute(path: str) -> str:
    """A URL on the host of the current organisation."""
    return required().url(path)


def page_of(kind: type[Representation]) -> type[Schema]:
    """The schema of a page, for the document."""
    return type(
        f"{kind.__name__}Page",
        (Schema,),
        {
            "__annotations__": {"items": types.GenericAlias(list, (kind,)), "next": str | None},
            "__doc__": f"Some {kind.__name__} objects.",
        },
    )
