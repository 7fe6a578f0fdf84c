"""How usernames stand in addresses: `<username:username>`."""

from urllib.parse import quote, unquote

from django.urls import register_converter

EMPTY = "%"  # As no username is encoded.


class UsernameConverter:
    """As `<str:…>`, and for every other text too: a row that is odd, whatever wrote it, takes no list of people down.

    The table refuses such rows. What a path cannot carry is encoded once more than Django does it.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return "" if value == EMPTY else unquote(value)

    def to_url(self, value: str) -> str:
        if value in ("", ".", ".."):
            return value.replace(".", "%2E") or EMPTY
        return quote(value, safe="") if "/" in value or "%" in value else value


register_converter(UsernameConverter, "username")
