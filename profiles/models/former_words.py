"""The expressions of the column `search_words` before migration 0019."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import CharField, Func, Value
from django.db.models.functions import Concat

from profiles.models.names import APOSTROPHES, BETWEEN_WORDS, EMAIL_MARK, LETTERS, Plain


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


NAMES = Concat(Value(" "), "first_name", Value(" "), "last_name", Value(" "), "username")
PLACE = Concat(Value(" "), "place")
EMAIL = Concat(Value(" "), "email")
# Of migration 0012; 0016 adds the words of capabilities.
OWN_WORDS = (
    *(Parted(text, mark="") for text in (NAMES, Joined(NAMES), PLACE, Joined(PLACE))),
    *(Parted(text, mark=EMAIL_MARK) for text in (EMAIL, Joined(EMAIL))),
)
WORDS = Words(*OWN_WORDS, Concat(Value(" "), "more_words"))
