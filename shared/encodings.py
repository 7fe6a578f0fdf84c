"""Forms are always decoded as UTF-8. A request that declares another encoding is refused.

Django uses the decoder that the Content-Type names, and some of Python's ("zlib", "rot13", "idna") fail on any text.
"""

import codecs
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

django_parse_file_upload = HttpRequest.parse_file_upload


def set_content_type_params(request: HttpRequest, meta: dict[str, Any]) -> None:
    """Replaces Django's method, which runs before all middleware, so that its exceptions lead to a bare 500.

    It leaves `request.encoding` unset, so that query and form are read as UTF-8.
    """
    try:
        request.content_type, request.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
    except (ValueError, LookupError):
        request.content_type, request.content_params = "", None


def is_refused(request: HttpRequest) -> bool:
    """Is the Content-Type invalid, or that of a form with another charset than UTF-8?"""
    params = request.content_params
    if params is None:
        return True
    return request.content_type in FORMS and not is_utf8(params.get("charset", "utf-8"))


def is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):
        return False


def parse_file_upload(request: HttpRequest, *arguments: Any) -> Any:
    """As in Django, but raises MultiPartParserError, which is answered with 400, for a part with such a decoder."""
    try:
        return django_parse_file_upload(request, *arguments)
    except (KeyError, IndexError):
        raise
    except (LookupError, UnicodeError) as error:
        raise MultiPartParserError("A part of the form is in an unknown encoding.") from error


def forget_form(request: HttpRequest) -> None:
    """Empty the form before an error page is rendered, since parsing it again would fail again."""
    request.POST = QueryDict()
    request._files = MultiValueDict()  # type: ignore[attr-defined]


def connect() -> None:
    """Have Django use these. It has no setting for them: tests/security/test_encodings.py says if they move."""
    HttpRequest._set_content_type_params = set_content_type_params  # type: ignore[attr-defined]
    HttpRequest.parse_file_upload = parse_file_upload  # type: ignore[assignment, method-assign]
