"""Forms are UTF-8: what else a request says about its encoding is refused, and no other decoder is ever used.

Django takes the decoder that a Content-Type names. Some of Python's ("zlib", "rot13", "idna") fail on any text.
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
    """In place of Django's method, which runs before any middleware: what it raises is a bare 500.

    `request.encoding` stays unset, so that query and form are read as UTF-8.
    """
    try:
        request.content_type, request.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
    except (ValueError, LookupError):
        request.content_type, request.content_params = "", None


def is_refused(request: HttpRequest) -> bool:
    """Can the Content-Type not be parsed, or is it a form's with another charset than UTF-8?"""
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
    """As in Django, which fails on a part's header that names such a decoder. It answers 400 to this error."""
    try:
        return django_parse_file_upload(request, *arguments)
    except (KeyError, IndexError):
        raise
    except (LookupError, UnicodeError) as error:
        raise MultiPartParserError("A part of the form is in an unknown encoding.") from error


def forget_form(request: HttpRequest) -> None:
    """Make the form empty for the page of an error: to parse it again would fail again."""
    request.POST = QueryDict()
    request._files = MultiValueDict()  # type: ignore[attr-defined]


def connect() -> None:
    """Have Django use these. It has no setting for them: tests/security/test_encodings.py says if they move."""
    HttpRequest._set_content_type_params = set_content_type_params  # type: ignore[attr-defined]
    HttpRequest.parse_file_upload = parse_file_upload  # type: ignore[assignment, method-assign]
