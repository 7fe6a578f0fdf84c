"""The language of a person: their own choice, or else their organisation's, or else their browser's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.translation import gettext

from profiles.models import User
from tenants.context import required

Choices = list[tuple[str, str]]


def chosen(reader: Any) -> str:
    """The language that a member, or else the current organisation, has chosen; "" for neither.

    One that the product has no longer is none.
    """
    codes = (getattr(reader, "language", ""), required().language)
    return next((code for code in codes if code in dict(settings.LANGUAGES)), "")


def first_language() -> str:
    """The language of a new member: the one that they read now, or "" if it is the organisation's anyway."""
    spoken = required().language or settings.LANGUAGE_CODE
    read = translation.get_language() or spoken
    return "" if read == spoken else read


def language_choices(otherwise: str) -> Choices:
    """Choices for a form: all languages under their own names, and the default."""
    return [("", gettext(otherwise)), *settings.LANGUAGES]


lazy_language_choices = lazy(language_choices, list)


def name_of(code: str) -> str:
    """A language in its own words, as in the choice of a language; the code itself if the product has it no longer."""
    return dict(settings.LANGUAGES).get(code, code)


@contextmanager
def in_words_of(reader: User | None) -> Iterator[None]:
    """Write mail inside the block in the reader's language and time zone; for a stranger, in the organisation's.

    If neither has chosen a language, it is that of the request that sends the mail.
    """
    language = chosen(reader) or translation.get_language() or settings.LANGUAGE_CODE
    profile = getattr(reader, "profile", None)
    zone = ZoneInfo(profile.clock) if profile else timezone.get_default_timezone()
    with translation.override(language), timezone.override(zone):
        yield


class LanguageMiddleware:
    """A chosen language takes precedence over the browser's Accept-Language, which LocaleMiddleware has read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if getattr(request, "tenant", None) and (language := chosen(request.user)):
            translation.activate(language)
            request.LANGUAGE_CODE = language
