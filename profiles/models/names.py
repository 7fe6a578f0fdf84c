"""Names as people look for them and sort them: without case and accents."""

import re
import unicodedata

from django.db.models import CharField, Func

# "Combining diacritical marks", what NFKD splits off a letter: https://www.unicode.org/charts/PDF/U0300.pdf
ACCENTS = r"[\u0300-\u036f]"


class Plain(Func):
    """Text in lower case and without accents.

    By what every PostgreSQL has: `unaccent` is an extension, and the collations that know accents need a
    server that was built with ICU. https://www.postgresql.org/docs/current/functions-string.html
    """

    template = f"regexp_replace(normalize(lower(%(expressions)s), NFKD), '{ACCENTS}', '', 'g')"
    output_field = CharField()


def plain(text: str) -> str:
    """The same in Python, for what is looked for."""
    return re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text.lower()))
