"""Responses: resources with their version, lists, and errors."""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as Refusal
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from pydantic import ValidationError
from scim2_models import Context, Error, Meta, Resource, ResponseParameters, SCIMException

from profiles.scim.place import PATH, SCIM, error
from profiles.scim.resources import POLICY
from tenants.context import required

View = Callable[..., HttpResponse]


def speaks_scim(view: View) -> View:
    """Decorate what answers: what it raises becomes an error in SCIM's form."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponse:
        try:
            with POLICY:
                return view(request, **values)
        except SCIMException as refused:
            return sent(error(refused.status, refused.detail, refused.scim_type), refused.status)
        except ValidationError as refused:
            first = Error.from_validation_errors(refused)[0]
            return sent(error(first.status or 400, first.detail or "", first.scim_type or ""), first.status or 400)
        except Refusal as refused:
            return refusal(refused)
        except PermissionDenied as refused:
            return sent(error(403, str(refused)), 403)
        except (Http404, ObjectDoesNotExist):
            return sent(error(404), 404)

    return answer


def refusal(refused: Refusal) -> HttpResponse:
    """A verb's refusal: of a value that is taken (409), of another value (400), or in the present state (409)."""
    by_field = hasattr(refused, "error_dict")
    codes = {each.code for each in refused.error_list} if not by_field else codes_of(refused)
    if "unique" in codes:
        return sent(error(409, refused.messages[0], "uniqueness"), 409)
    if by_field:
        return sent(error(400, refused.messages[0], "invalidValue"), 400)
    return sent(error(409, refused.messages[0]), 409)


def codes_of(refused: Refusal) -> set[str | None]:
    return {each.code for errors in refused.error_dict.values() for each in errors}


def sent(data: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(data), status=status, content_type=SCIM)


def described(resource: Resource[Any], path: str) -> Resource[Any]:
    """With its address and version."""
    kind = type(resource).__name__
    content = json.dumps(resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), sort_keys=True)
    created = resource.meta.created if resource.meta else None
    resource.meta = Meta(
        resource_type=kind,
        created=created,
        location=required().url(f"{PATH}{path}"),
        version=f'W/"{sha256(content.encode()).hexdigest()[:32]}"',
    )
    return resource


def one(
    request: HttpRequest, resource: Resource[Any], asked: ResponseParameters[Any] | None = None, status: int = 200
) -> HttpResponse:
    """A resource, with its version as ETag; 304 if the client has this version."""
    meta = resource.meta or Meta()
    if request.method == "GET" and is_among(meta.version, request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        context = Context.RESOURCE_CREATION_RESPONSE if status == 201 else Context.RESOURCE_QUERY_RESPONSE
        response = sent(resource.model_dump(scim_ctx=context, response_parameters=asked), status)
    response["ETag"], response["Location"] = meta.version or "", meta.location or ""
    return response


def is_among(version: str | None, header: str) -> bool:
    """Weak comparison, as the versions are weak: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2"""
    etags = parse_etags(header)
    return "*" in etags or (version or "").removeprefix("W/") in {each.removeprefix("W/") for each in etags}
