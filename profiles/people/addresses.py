"""Usernames in URLs: `<username:username>`."""

from urllib.parse import quote, unquote

from django.urls import register_converter

EMPTY = "%"  # No username is encoded like this.


class UsernameConverter:
    """Like `<str:…>`, but for any text: a row with an invalid username does not break the list of people.

    The table refuses such rows. Characters that a path cannot contain are encoded once more than Django does.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return "" if value == EMPTY else unquote(value)

    def to_url(self, value: str) -> str:
        if value in ("", ".", ".."):
            return value.replace(".", "%2E") or EMPTY
        return quote(value, safe="") if "/" in value or "%" in value else value


register_converter(UsernameConverter, "username")
