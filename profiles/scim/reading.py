"""What a directory sends: bodies and parameters, checked before anything is done with them."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from scim2_models import (
    InvalidFilterException,
    InvalidSyntaxException,
    PayloadTooLargeException,
    Resource,
    SearchRequest,
)

from profiles.scim.messages import message_about

LONGEST_FILTER = 1000


def body(request: HttpRequest) -> Any:
    """The JSON of a body. Raises SCIMException for what no column could store either."""
    try:
        text = request.body.decode()
        found = json.loads(text, parse_constant=refuse)
        json.dumps(found, ensure_ascii=False).encode()  # Half a surrogate pair is no text.
    except RequestDataTooBig as error:
        raise PayloadTooLargeException from error
    except (ValueError, RecursionError) as error:
        raise InvalidSyntaxException(detail="The body is not JSON that can be read.") from error
    if "\\u0000" in text or "\0" in text:
        raise InvalidSyntaxException(detail="The body has a NUL character.")
    return found


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON.")


def asked(request: HttpRequest, model: type[Resource[Any]]) -> SearchRequest[Any]:
    """The parameters of a request for one resource or a list."""
    given = request.GET.dict()
    if len(given.get("filter", "")) > LONGEST_FILTER:
        raise InvalidFilterException(detail=f"A filter has at most {LONGEST_FILTER} characters.")
    try:
        found: SearchRequest[Any] = message_about(SearchRequest, model).model_validate(given)
    except RecursionError as error:
        raise InvalidFilterException(detail="The filter has too many parentheses.") from error
    return found
