"""The language that a person reads: their own choice, or else their organisation's, or else their browser's."""

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
    """What a person, who may be a visitor, or else the current organisation has chosen; or "" for neither."""
    return getattr(reader, "language", "") or required().language


def first_language() -> str:
    """The choice of a new member: what they read now, or "" where the organisation speaks that anyway."""
    spoken = required().language or settings.LANGUAGE_CODE
    read = translation.get_language() or spoken
    return "" if read == spoken else read


def language_choices(otherwise: str) -> Choices:
    """For a form: all languages under their own names, and what holds without a choice."""
    return [("", gettext(otherwise)), *settings.LANGUAGES]


lazy_language_choices = lazy(language_choices, list)


@contextmanager
def in_words_of(reader: User | None) -> Iterator[None]:
    """Within it, mail is written in the reader's language and time zone; in the organisation's for a stranger.

    Where neither has chosen a language, it is the one of the request that sends the mail.
    """
    language = chosen(reader) or translation.get_language() or settings.LANGUAGE_CODE
    profile = getattr(reader, "profile", None)
    zone = ZoneInfo(profile.clock) if profile else timezone.get_default_timezone()
    with translation.override(language), timezone.override(zone):
        yield


class LanguageMiddleware:
    """What was chosen goes before the browser's Accept-Language, which Django's LocaleMiddleware has read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if getattr(request, "tenant", None) and (language := chosen(request.user)):
            translation.activate(language)
            request.LANGUAGE_CODE = language
