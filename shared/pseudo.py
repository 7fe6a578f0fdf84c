"""A pseudo-language for tests of the layout: each sentence is longer, accented and in brackets.

Text without brackets on a page is not translated. With `PSEUDO_LOCALE=1 make run`, the catalogue is generated from the
American ones, below var/. Browsers that prefer "en-XA" get it.
"""

import re
import struct
from gettext import GNUTranslations
from math import ceil
from pathlib import Path

from django.conf import settings

from shared import catalogues

LOCALE = "en_XA"
# German has about 35 % more letters than English.
LONGER = 0.4
ACCENTED = str.maketrans("AEIOUaeiouycnsz", "ÀÉÎÖÛàéîöûýçñšž")
# Not changed: placeholders, tags with their attributes, and entities.
KEPT = re.compile(r"(%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}|<[^>]*>|&\w+;|https?://\S+)")
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
CONTEXT, PLURAL = "\x04", "\x00"

Catalogue = dict[str, str]


def write() -> None:
    """Write the catalogue of all our sentences to the folder in settings.LOCALE_PATHS."""
    folder = Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.mo").write_bytes(compiled(sentences()))


def sentences() -> Catalogue:
    """The sentences of all apps, by their keys, with their replacements; for a plural, both forms."""
    found: Catalogue = {"": HEADER}
    for app in catalogues.folders():
        mo = app / "locale" / "en_US" / "LC_MESSAGES" / "django.mo"
        if mo.exists():
            with mo.open("rb") as file:
                known = GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # has no public API for all sentences
            found |= {key: pseudo(text) for key, text in known.items() if isinstance(key, str) and key}
            plurals = {key[0] for key in known if isinstance(key, tuple)}
            # The second part of the key is ignored.
            found |= {
                PLURAL.join([key, key]): PLURAL.join(pseudo(known[key, form]) for form in (0, 1)) for key in plurals
            }
    return found


def pseudo(sentence: str) -> str:
    """“[Sàvé lông]” for “Save”; placeholders and tags do not change."""
    parts = KEPT.split(sentence)
    accented = "".join(part if at % 2 else part.translate(ACCENTED) for at, part in enumerate(parts))
    letters = sum(len(part) for part in parts[::2])
    return f"[{accented}{' lông' * ceil(letters * LONGER / 5)}]"


def compiled(catalogue: Catalogue) -> bytes:
    """A file in gettext's binary format: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html"""
    texts = [(key.encode(), value.encode()) for key, value in sorted(catalogue.items())]
    start = 28 + 16 * len(texts)
    offsets: list[bytes] = []
    data = b""
    for column in (0, 1):
        for row in texts:
            offsets.append(struct.pack("<II", len(row[column]), start + len(data)))
            data += row[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, start)
    return header + b"".join(offsets) + data
