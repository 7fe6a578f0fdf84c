"""Pictures for members without a photo: initials on a colour, both derived from the name."""

import logging
import re
import unicodedata
import zlib

from django.http import HttpResponse
from django.utils.html import format_html

logger = logging.getLogger(__name__)

# Twelve hues of one lightness (oklch 0.5). White on any of them has a contrast of 5.5 or more, where WCAG AA
# asks for 4.5; as both are within the picture, that holds on light and dark pages.
PALETTE = (
    "#99444e",
    "#974a24",
    "#845a0f",
    "#6c6610",
    "#497032",
    "#117555",
    "#007475",
    "#006e8e",
    "#3164a3",
    "#5e58a1",
    "#7c4d90",
    "#904572",
)

_LONGEST_LETTER = 8  # Code points, so that marks piled on one letter stay within the picture.
_VIRAMA = 9  # The combining class of the sign that joins two Indic consonants into one.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name; "?" if it has no letter and no digit."""
    found = map(_first_letter, unicodedata.normalize("NFKC", name).split())
    letters = [letter for letter in found if letter]
    if not letters:
        return "?"
    # Side by side, Arabic letters would join into a word: a zero-width non-joiner keeps them apart.
    joins = unicodedata.bidirectional(letters[0][0]) == "AL"
    return ("\u200c" if joins else "").join(letters if len(letters) == 1 else (letters[0], letters[-1]))


def _first_letter(word: str) -> str:
    """The first letter or digit of a word, with the marks and joined consonants that are read with it."""
    start = next((at for at, char in enumerate(word) if char.isalnum()), len(word))
    end = start + 1
    while end < len(word) and end - start < _LONGEST_LETTER and _continues(word[end - 1], word[end]):
        end += 1
    return word[start:end].title()  # Not upper(), which makes two letters of some, and Georgian capitals.


def _continues(before: str, char: str) -> bool:
    return unicodedata.category(char).startswith("M") or (unicodedata.combining(before) == _VIRAMA and char.isalpha())


def colour(key: str) -> str:
    """One of PALETTE as "#rrggbb", always the same for one key; case and surrounding spaces do not count."""
    return PALETTE[zlib.crc32(key.strip().casefold().encode("utf-8", "replace")) % len(PALETTE)]


def svg(name: str, size: int = 256) -> str:
    """A picture with the initials of a name as an SVG document, `size` pixels wide and high.

    It uses presentation attributes only, since the content security policy forbids inline styles.
    """
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 64 64"'
        ' role="img">'
        "<title>{name}</title>{drawing}</svg>",
        size=size,
        name=_NOT_IN_XML.sub("", name),
        drawing=_drawing(name),
    )


def stand_in(name: str, error: Exception) -> HttpResponse:
    """The drawn initials in place of a picture that cannot be fetched. Browsers show it and do not keep it.

    The reason is logged in one line: a page may have dozens of pictures.
    """
    logger.error("A picture cannot be fetched, so initials are shown: %s", error)
    headers = {"Cache-Control": "no-store", "Retry-After": "60"}
    response = HttpResponse(svg(name), status=503, content_type="image/svg+xml", headers=headers)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would add a line without the reason.
    return response


def inline(name: str, kind: str) -> str:
    """The same as inline SVG with a class, hidden from screen readers. It needs no request, and appears at once."""
    return format_html('<svg class="{}" viewBox="0 0 64 64" aria-hidden="true">{}</svg>', kind, _drawing(name))


def _drawing(name: str) -> str:
    return format_html(
        '<rect width="64" height="64" fill="{colour}"/>'
        '<text x="32" y="33" fill="#fff" font-family="Figtree, system-ui, sans-serif" font-size="24" font-weight="600"'
        ' text-anchor="middle" dominant-baseline="central">{letters}</text>',
        colour=colour(name),
        letters=initials(name),
    )
