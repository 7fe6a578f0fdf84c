"""Search and sorting of names: without case, accents and apostrophes, and word by word."""

import re
import unicodedata
from collections.abc import Sequence

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, CharField, Func, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

# Combining diacritical marks, which NFKD separates from letters: https://www.unicode.org/charts/PDF/U0300.pdf
ACCENTS = r"[\u0300-\u036f]"
# All characters with which O'Brien is written. Keyboards have the first two, typesetters use the others.
APOSTROPHES = "'`\u00b4\u2018\u2019\u02bb\u02bc"
# White space, ASCII punctuation and the apostrophes, as a pattern for Python and PostgreSQL.
BETWEEN_WORDS = r"[\s!-/:-@\[-`{-~\u2018\u2019\u02bb\u02bc]+"
# Letters that NFKD does not separate, with what people type whose keyboards lack them.
LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
# The most letters that fit into an index entry and a lexeme in any script. NFKD makes up to 18 letters of one.
MOST_LETTERS = 500
# More words do not improve a search, and each adds a condition.
MOST_WORDS = 10


class Plain(Func):
    """Text in lower case and without accents.

    It uses built-in functions only: `unaccent` is an extension, and collations that ignore accents need a server
    with ICU. https://www.postgresql.org/docs/current/functions-string.html
    """

    template = f"left(regexp_replace(normalize(lower(%(expressions)s), NFKD), '{ACCENTS}', '', 'g'), {MOST_LETTERS})"
    output_field = CharField()


class Words(Func):
    """The words of some texts as a search vector, so that a GIN index finds words by their first letters."""

    template = "array_to_tsvector(array_remove(string_to_array(%(expressions)s, ' '), ''))"
    arg_joiner = " || "
    output_field = SearchVectorField()


def as_typed(sql: str) -> str:
    """The text with ASCII letters instead of those that many keyboards lack."""
    for letter, letters in LETTERS.items():
        sql = f"replace({sql}, '{letter}', '{letters}')"
    return sql


class Parted(Plain):
    """Plain text with ASCII letters: `łódź` is `lodz`, `straße` is `strasse`.

    Everything between two words becomes one blank, and a mark if given.
    """

    template = as_typed(f"regexp_replace({Plain.template}, '{BETWEEN_WORDS}', ' %(mark)s', 'g')")


class Joined(Func):
    """Text without its apostrophes: `O'Brien` as `OBrien`."""

    template = "translate(%(expressions)s, '{}', '')".format(APOSTROPHES.replace("'", "''"))
    output_field = CharField()


# Marks of the words of an email address, and of those by which only owners and admins find. No word contains them.
EMAIL_MARK = "@"
MANAGERS_MARK = "#"
# Expressions of generated columns. A change needs a migration by hand: `makemigrations` does not compare templates.
SORT_NAME = Plain(Coalesce(NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), "username"))
NAMES = Concat(Value(" "), "first_name", Value(" "), "last_name", Value(" "), "username")
PLACE = Concat(Value(" "), "place")
EMAIL = Concat(Value(" "), "email")
# What migration 0012 searched; 0015 adds the words of capabilities.
OWN_WORDS = (
    *(Parted(text, mark="") for text in (NAMES, Joined(NAMES), PLACE, Joined(PLACE))),
    *(Parted(text, mark=EMAIL_MARK) for text in (EMAIL, Joined(EMAIL))),
)
WORDS = Words(*OWN_WORDS, Concat(Value(" "), "more_words"))


class Matching(Func):
    """The condition that a search vector has what a query asks for.

    https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
    """

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, column: str, query: str) -> None:
        super().__init__(column, Value(query))


def every(words: list[str], *, marks: Sequence[str] = ()) -> str:
    """The query for vectors in which each of these words begins a word without a mark, or with one of these marks."""
    either = [" | ".join(f"'{mark}{word}':*" for mark in ("", *marks)) for word in words]
    return " & ".join(f"({word})" for word in either)


def words_of(text: str) -> list[str]:
    """The words of a search text in the form of `Words`, each once."""
    return split(text)[:MOST_WORDS]


def indexed(text: str, *, mark: str = "") -> str:
    """The words of a text as User.more_words has them: split at apostrophes, and written without them."""
    apart = text.translate(dict.fromkeys(map(ord, APOSTROPHES), " "))
    return " ".join(mark + word for word in dict.fromkeys(split(apart) + split(text)))


def split(text: str) -> list[str]:
    text = text.lower().replace("\0", " ").translate(dict.fromkeys(map(ord, APOSTROPHES)))
    plain = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text))
    plain = plain.translate({ord(letter): letters for letter, letters in LETTERS.items()})
    return list(dict.fromkeys(word[:MOST_LETTERS] for word in re.split(BETWEEN_WORDS, plain) if word))
