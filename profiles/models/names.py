"""Names as people look for them and sort them: without case and accents, and word by word."""

import re
import unicodedata

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, CharField, Func, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

# "Combining diacritical marks", what NFKD splits off a letter: https://www.unicode.org/charts/PDF/U0300.pdf
ACCENTS = r"[\u0300-\u036f]"
# White space and ASCII's punctuation, for Python and PostgreSQL alike.
BETWEEN_WORDS = r"[\s!-/:-@\[-`{-~]+"
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


class Parted(Plain):
    """Plain text with one blank, and perhaps a mark, instead of all that stands between two words."""

    template = f"regexp_replace({Plain.template}, '{BETWEEN_WORDS}', ' %(mark)s', 'g')"


# No name's word has an @ in it, so one can tell the words of an email address by it.
EMAIL_MARK = "@"
# Columns are made of these: to change one takes a migration (`makemigrations` does not see what is in a template).
SORT_NAME = Plain(Coalesce(NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), "username"))
WORDS = Words(
    Parted(Concat("first_name", Value(" "), "last_name", Value(" "), "username"), mark=""),
    Parted(Concat(Value(" "), "email"), mark=EMAIL_MARK),
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
    plain = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text.lower().replace("\0", " ")))
    words = dict.fromkeys(word[:MOST_LETTERS] for word in re.split(BETWEEN_WORDS, plain) if word)
    return list(words)[:MOST_WORDS]
