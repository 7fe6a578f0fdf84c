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


class SearchWords(Func):
    """The words of a user's texts as a search vector, so that a GIN index finds words by their first letters.

    Between two words lies what is in BETWEEN_WORDS. Words with an apostrophe are there twice, split at it and written
    without it, and letters in LETTERS as people type them. Words of the email address begin with EMAIL_MARK.
    """

    # Of migration 0019, by which a change has to go. As an expression, it would be read again whenever PostgreSQL loads
    # the table's definition, and each connection would keep 50 kB of it for each organisation.
    function = "profiles_search_words"
    output_field = SearchVectorField()


# Marks of the words of an email address, and of those by which only owners and admins find. No word contains them.
EMAIL_MARK = "@"
MANAGERS_MARK = "#"
# Expressions of generated columns. A change needs a migration by hand: `makemigrations` does not compare templates.
SORT_NAME = Plain(Coalesce(NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), "username"))
WORDS = SearchWords("first_name", "last_name", "username", "place", "email", "more_words")


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
    """The words of a search text in the form of `SearchWords`, each once."""
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
