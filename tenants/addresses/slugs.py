"""Rules for an organisation's subdomain, its slug: which slugs are valid, and which look alike."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared.lists import all_of
from tenants.addresses import reserved

# Two characters are codes of countries and languages, and the shorter a name, the more others look like it. 40
# of the 63 characters that DNS allows can still be read out, and leave room for a prefix or a number.
MIN_LENGTH, MAX_LENGTH = 3, 40
# A DNS label, as a pattern for Python and PostgreSQL. Every stored slug matches it, also if the rules change.
LABEL = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z"

_SPELLINGS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"}
_SPELLINGS |= {"ŋ": "n", "ŧ": "t", "ĸ": "k", "\u0131": "i", "&": " and ", "'": "", "\u2019": "", "\u02bc": ""}
_TO_LATIN = str.maketrans(_SPELLINGS)

# Letters that are drawn like a Latin one, after Unicode TS 39: Cyrillic, Greek, Armenian, and other Latin.
_DOUBLES = dict(
    [
        *zip("\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455", "aeopcyxijs", strict=True),
        *zip("\u0501\u051b\u051d\u04bb\u04cf\u0475\u0433", "dqwhlvr", strict=True),
        *zip("\u03b1\u03bd\u03bf\u03c1\u03c5\u03b9\u03ba\u03c7\u03b3", "avopuikxy", strict=True),
        *zip("\u0585\u057d\u0578\u0570\u0581\u0566", "ounhgq", strict=True),
        *zip("\u0131\u0251\u0261", "iag", strict=True),
    ]
)
_TO_ASCII = str.maketrans(_DOUBLES)

# Characters that look alike at a glance. "i" counts as "l", since a capital I in the text of a link looks like
# one, although "mail" and "mall" then collide. Not included are differences that honest names often have: "cl"
# and "d" (clock, dock), and 3, 4, 5, 7 and 8 for letters (team-5, teams); those count only in reserved names.
_LOOKS = str.maketrans({"0": "o", "1": "l", "i": "l", "-": None})
_PAIRS = (("rn", "m"), ("vv", "w"))
_LEET = str.maketrans("34578", "eastb")


def normalise(slug: str) -> str:
    """Typed text without surrounding space and in lower case. The other functions expect this."""
    return slug.strip().lower()


def propose(name: str) -> str:
    """A slug from an organisation's name, or "" if that is too short. It may still be reserved or taken."""
    letters = unicodedata.normalize("NFKD", name).lower().translate(_TO_LATIN)
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    slug = _shortened("-".join(re.findall(r"[a-z0-9]+", plain)), MAX_LENGTH)
    return "" if any(_syntax_errors(slug)) else slug


def _shortened(slug: str, length: int) -> str:
    """Cut to a length, between words unless that would leave less than half of it."""
    if len(slug) <= length:
        return slug
    whole_words = slug[: length + 1].rpartition("-")[0]
    return whole_words if len(whole_words) >= length // 2 else slug[:length]


def validate(slug: str) -> None:
    """Check that a normalised slug can be a subdomain. Whether it is taken, only the database knows.

    Raises ValidationError with all errors, each a sentence with a code.
    """
    if errors := list(_errors(slug)):
        raise ValidationError(errors)


def _errors(slug: str) -> Iterator[ValidationError]:
    yield from _syntax_errors(slug)
    if _is_reserved(slug):
        yield ValidationError(_("This address is reserved, or looks like a reserved one."), code="reserved")


def _syntax_errors(slug: str) -> Iterator[ValidationError]:
    """DNS's rules for a label (RFC 1035, 2.3.1; RFC 1123, 2.1), and our limits to its length."""
    if len(slug) < MIN_LENGTH:
        sentence = ngettext(
            "The address needs at least %(number)d character.",
            "The address needs at least %(number)d characters.",
            MIN_LENGTH,
        )
        yield ValidationError(sentence, code="short", params={"number": MIN_LENGTH})
    if len(slug) > MAX_LENGTH:
        sentence = ngettext(
            "The address can have at most %(number)d character.",
            "The address can have at most %(number)d characters.",
            MAX_LENGTH,
        )
        yield ValidationError(sentence, code="long", params={"number": MAX_LENGTH})
    yield from _character_errors(slug)
    if slug.startswith("-") or slug.endswith("-"):
        yield ValidationError(_("The address cannot start or end with a hyphen."), code="outer_hyphen")
    if slug[2:4] == "--":  # RFC 5891, 4.2.3.1: "xn--" and its like announce an encoded name.
        yield ValidationError(_("The third and fourth characters cannot both be hyphens."), code="double_hyphen")
    if slug.isdecimal():
        yield ValidationError(_("The address needs at least one letter."), code="digits")


def _character_errors(slug: str) -> Iterator[ValidationError]:
    strange = dict.fromkeys(re.findall(r"[^a-z0-9-]", slug))  # Each once, in their order.
    for char in strange:
        if latin := _DOUBLES.get(char):
            sentence = _("“%(char)s” looks like the letter “%(latin)s”, but it is a different character (%(name)s).")
            params = {"char": char, "latin": latin, "name": unicodedata.name(char).capitalize()}
            yield ValidationError(sentence, code="look_alike", params=params)
    if others := [_shown(char) for char in strange if char not in _DOUBLES]:
        sentence = _(
            "The address can only have the letters a to z, digits and hyphens. These are not allowed: %(others)s"
        )
        yield ValidationError(sentence, code="characters", params={"others": all_of(others[:5])})


def _shown(char: str) -> str:
    if char.isspace():
        return _("spaces")
    return f"“{char}”" if char.isprintable() else f"U+{ord(char):04X}"


def skeleton(slug: str) -> str:
    """What a slug looks like: two slugs with the same skeleton are too easily confused.

    The method is that of Unicode TS 39, with the mappings above. The skeleton of a skeleton is itself, and a skeleton
    is never longer than its slug.
    """
    looks = slug.translate(_TO_ASCII).translate(_LOOKS)
    for pair, letter in _PAIRS:
        looks = looks.replace(pair, letter)
    return looks


def alternatives(slug: str, taken: Callable[[str], bool], *, count: int = 3) -> list[str]:
    """Up to `count` slugs similar to an unavailable one, each valid and not taken."""
    endings = ("-hq", "-group", *(f"-{number}" for number in range(2, 10)))
    near = (_shortened(slug, MAX_LENGTH - len(ending)) + ending for ending in endings)
    return list(islice((one for one in near if not any(_errors(one)) and not taken(one)), count))


def _is_reserved(slug: str) -> bool:
    """Does the slug look like a reserved name, alone, with a number, or with companion words only?"""
    whole = _readings(slug)
    words = [_readings(word) for word in slug.split("-")]
    return bool(
        whole & _RESERVED
        or any(_is_compound(reading) for reading in whole)
        or (any(word & _RESERVED for word in words) and all(word & _MEANINGLESS for word in words))
    )


def _is_compound(reading: str) -> bool:
    return any(
        reading.removeprefix(companion) in _RESERVED or reading.removesuffix(companion) in _RESERVED
        for companion in _COMPANIONS
    )


def _readings(word: str) -> set[str]:
    """Skeletons of a word with its digits read as letters, with and without a number at its end."""
    return {skeleton(form.translate(_LEET)) for form in (word, word.rstrip("-0123456789"))}


def _plurals(name: str) -> set[str]:
    return {f"{name}s", f"{name}es", re.sub("y$", "ies", name)}


_RESERVED = frozenset(skeleton(form) for name in reserved.NAMES for form in {name, *_plurals(name)})
_COMPANIONS = frozenset(skeleton(name) for name in reserved.COMPANIONS)
_MEANINGLESS = _RESERVED | _COMPANIONS | {"", "v"}  # "2" and "v2" without their number.
