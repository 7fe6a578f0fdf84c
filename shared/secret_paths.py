"""URLs with a secret in the path, such as links in mails: the secret is removed from logs and from Referer headers.
So are those in a query, with which a provider of single sign-on sends a browser back.
Logs do not contain e-mail addresses either.
"""

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

# Names of URL parameters that are secrets. A uuid is not one: it only identifies a picture.
PARAMETERS = ("token", "key")
CUT = "***"
# A slash, also in a `next` inside of a `next`, where it is quoted twice.
SLASH = "(?:/|%(?:25)*2F)"
# Names of query parameters that are secrets: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
IN_QUERY = re.compile(
    r"((?:[?&]|%(?:25)*3F|%(?:25)*26)(?:code|state|(?:\w{1,20}_)?(?:token|key|secret))(?:=|%(?:25)*3D))[^&\s\"']+",
    re.IGNORECASE,
)
# Bounded at 64 characters before the @, the most that there can be, so that a long line takes no long time.
EMAIL = re.compile(r"[\w.+%-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def cleaned(text: str) -> str:
    """The text without secrets and without e-mail addresses, for logs and for all that leaves the product with them."""
    return EMAIL.sub(CUT, cut(text))


def cut(text: str) -> str:
    """The text without the secrets in its paths: each is cut up to the end of the line, or of the request's URL. Of a
    query, only the secret values are cut.
    """
    return IN_QUERY.sub(rf"\1{CUT}", current_rule().sub(rf"\1{CUT}", text))


def is_secret(path: str) -> bool:
    """Does the path contain a secret, or look like it, with an error in the rest of the path?"""
    return bool(current_rule().match(path))


def current_rule() -> re.Pattern[str]:
    return rule(settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF)


@cache
def rule(*urlconfs: str) -> re.Pattern[str]:
    """A pattern that finds the secrets of these URLconfs: all text after the beginning of such a path, anywhere. It
    matches too much rather than too little.
    """
    beginnings = {each for urlconf in urlconfs for each in before_secrets(get_resolver(urlconf).url_patterns)}
    either = "|".join(sorted(beginnings)).replace("/", SLASH)
    return re.compile(rf"({SLASH}(?:{either or '(?!)'}))(?! HTTP/).+?(?= HTTP/\d|$)", re.IGNORECASE | re.MULTILINE)


def before_secrets(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The part before the first secret of each URL pattern that has one, as a regular expression."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from before_secrets(each.url_patterns, prefix + regex_of(each))
        elif secret := next(secrets_of(each), None):
            beginning = prefix + regex_of(each).partition(f"(?P<{secret}>")[0]
            yield re.sub(r"\(\?P<\w+>", "(?:", beginning)


def secrets_of(pattern: URLPattern) -> Iterator[str]:
    """The names of the secret parameters of a URL pattern, in order."""
    for name in pattern.pattern.regex.groupindex:
        if name in PARAMETERS and not isinstance(pattern.pattern.converters.get(name), UUIDConverter):
            yield name


def regex_of(each: URLPattern | URLResolver) -> str:
    return each.pattern.regex.pattern.removeprefix("^")


class Formatter(logging.Formatter):
    """Formats a log record, including its traceback, without secrets and e-mail addresses."""

    def format(self, record: logging.LogRecord) -> str:
        return self.cleaned(super().format(record))

    def cleaned(self, line: str) -> str:
        try:
            return cleaned(line) if apps.ready else line
        except ImproperlyConfigured:
            return line  # URLconfs are still being loaded, so no request is served yet.
