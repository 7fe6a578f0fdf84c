"""A rate limit's error in the form that was sent, which keeps the typed values."""

from math import ceil

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.limits.counting import TooOften
from tenants.limits.requests import count


def refusal_of(request: HttpRequest, action: str, *, account: str) -> ValidationError | None:
    """Count the request's action. If it is over the limit, return the error for the form; the response then has status
    429 (tenants/limits/middleware.py).
    """
    try:
        count(request, action, account=account)
    except TooOften as error:
        request.has_to_wait = error.wait  # type: ignore[attr-defined]
        return ValidationError(in_words(error.wait), code="too_often")
    return None


def in_words(wait: int) -> str:
    """When the action is allowed again, as a sentence for the person."""
    return " ".join([_("Too many attempts."), again(wait)])


def again(wait: int) -> str:
    minutes, hours = ceil(wait / 60), ceil(wait / 3600)
    if minutes < 120:
        return ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    return ngettext("Try again in %(n)s hour.", "Try again in %(n)s hours.", hours) % {"n": hours}
