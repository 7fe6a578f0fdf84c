"""Names as people look for them and sort them: without case, accents and apostrophes, and word by word."""

import re
import unicodedata

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, CharField, Func, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

# "Combining diacritical marks", what NFKD splits off a letter: https://www.unicode.org/charts/PDF/U0300.pdf
ACCENTS = r"[\u0300-\u036f]"
# O'Brien is written with each of these. Keyboards have the first two, typesetters the others.
APOSTROPHES = "'`\u00b4\u2018\u2019\u02bb\u02bc"
# White space, ASCII's punctuation and the apostrophes, for Python and PostgreSQL alike.
BETWEEN_WORDS = r"[\s!-/:-@\[-`{-~\u2018\u2019\u02bb\u02bc]+"
# Letters that NFKD leaves whole, as people type them whose keyboards lack them.
LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
# NFKD makes up to 18 letters of one. So many fit into an entry of an index, and into a lexeme, whatever they are.
MOST_LETTERS = 500
# More make no search better, and each is a condition.
MOST_WORDS = 10


class Plain(Func):
    """Text in lower case and without accents.

    By what every PostgreSQL has: `unaccent` is an extension, and the collations that know accents need a
    server that was built with ICU. https://www.postgresql.org/docs/current/functions-string.html
    """

    template = f"left(regexp_replace(normalize(lower(%(expressions)s), NFKD), '{ACCENTS}', '', 'g'), {MOST_LETTERS})"
    output_field = CharField()


class Words(Func):
    """The words of some texts, as a search vector: where one starts with given letters, a GIN index knows."""

    template = "array_to_tsvector(array_remove(string_to_array(%(expressions)s, ' '), ''))"
    arg_joiner = " || "
    output_field = SearchVectorField()


def as_typed(sql: str) -> str:
    """The text with the letters of every keyboard."""
    for letter, letters in LETTERS.items():
        sql = f"replace({sql}, '{letter}', '{letters}')"
    return sql


class Parted(Plain):
    """Plain text in the letters of every keyboard: `łódź` is `lodz`, `straße` is `strasse`.

    One blank, and perhaps a mark, stands instead of all that is between two words.
    """

    template = as_typed(f"regexp_replace({Plain.template}, '{BETWEEN_WORDS}', ' %(mark)s', 'g')")


class Joined(Func):
    """Text without its apostrophes: `O'Brien` as `OBrien`."""

    template = "translate(%(expressions)s, '{}', '')".format(APOSTROPHES.replace("'", "''"))
    output_field = CharField()


# No name's word has an @ in it, so one can tell the words of an email address by it.
EMAIL_MARK = "@"
# Columns are made of these: to change one takes a migration (`makemigrations` does not see what is in a template).
SORT_NAME = Plain(Coalesce(NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), "username"))
NAMES = Concat(Value(" "), "first_name", Value(" "), "last_name", Value(" "), "username")
PLACE = Concat(Value(" "), "place")
EMAIL = Concat(Value(" "), "email")
WORDS = Words(
    *(Parted(text, mark="") for text in (NAMES, Joined(NAMES), PLACE, Joined(PLACE))),
    *(Parted(text, mark=EMAIL_MARK) for text in (EMAIL, Joined(EMAIL))),
)


class Matching(Func):
    """The condition that each of these words begins one of a member's names, or one of the email if that counts.

    https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
    """

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, column: str, words: list[str], *, by_email: bool) -> None:
        marks = ["", EMAIL_MARK] if by_email else [""]
        either = [" | ".join(f"'{mark}{word}':*" for mark in marks) for word in words]
        super().__init__(column, Value(" & ".join(f"({word})" for word in either)))


def words_of(text: str) -> list[str]:
    """What is looked for, as `Words` has it: each word once."""
    text = text.lower().replace("\0", " ").translate(dict.fromkeys(map(ord, APOSTROPHES)))
    plain = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text))
    plain = plain.translate({ord(letter): letters for letter, letters in LETTERS.items()})
    words = dict.fromkeys(word[:MOST_LETTERS] for word in re.split(BETWEEN_WORDS, plain) if word)
    return list(words)[:MOST_WORDS]
