"""Reads lists of people: pasted addresses, or a CSV file as spreadsheets write it."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.invitations.columns import columns as added_columns
from profiles.roles import Role
from shared.emails import same_mailbox
from shared.names import holds_address
from shared.storable import NOT_IN_TEXT
from shared.text import joined

MOST = 1000
LONGEST = {"email": 320, "role": 50, "name": 150}
LONGEST_ADDED = 300
LONGEST_HEAD = 2000
CUT = "…"
DELIMITERS = (",", ";", "\t")
# Column names, in lower case. Other columns are ignored.
COLUMNS = {
    **dict.fromkeys(["email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse"], "email"),
    **dict.fromkeys(["role", "rolle", "الدور"], "role"),
    **dict.fromkeys(["name", "full name", "الاسم"], "name"),
}
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# The text between commas, semicolons and tabs that are not in quotes or angle brackets.
PIECE = re.compile(r"""(?:"[^"]*"?|<[^>]*>?|[^,;\t"<])+""")
NAMED = re.compile(r"(?P<name>[^<]*)<(?P<email>[^<>]*)>\s*")


@dataclass
class Line:
    """A person to be invited. `role` is one of Role, or what was typed if it is none."""

    email: str
    role: str
    name: str = ""
    # What was typed in the columns of apps (profiles/invitations/columns.py), by their names.
    added: dict[str, str] = field(default_factory=dict)
    # The outcome: a code of outcomes.py, and a sentence in the language of the member who sent the list.
    code: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        for name, longest in LONGEST.items():
            setattr(self, name, cell(getattr(self, name), longest))
        self.added = {name: text for name, typed in self.added.items() if (text := cell(typed, LONGEST_ADDED))}
        self.email = same_mailbox(self.email)
        self.name = "" if holds_address(self.name) else self.name

    def stored(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def cell(typed: str, longest: int) -> str:
    """What was typed, on one line, without what cannot be stored.

    The end of a cut value is marked: without the mark, it could be another address, or other groups, that exist.
    """
    text = joined(NOT_IN_TEXT.sub("", str(typed)))
    return text if len(text) <= longest else f"{text[: longest - 1]}{CUT}"


def decode(file: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, or else what spreadsheets write in Western Europe.

    Raises ValidationError for what is no text, such as a workbook.
    """
    encoding = next((name for bom, name in BOMS.items() if file.startswith(bom)), "utf-8")
    try:
        text = file.decode(encoding)
    except UnicodeDecodeError:
        text = file.decode("cp1252", errors="replace")
    if "\0" in text:
        raise no_table()
    return text


def no_table() -> ValidationError:
    return ValidationError(_("This is not a CSV file. Save the table as CSV, or paste the addresses."), code="csv")


def read(*texts: str, role: str) -> list[Line]:
    """The people in some texts, with this role where none is named. Raises ValidationError for none or too many."""
    every = (line for text in texts for line in people_in(text.replace("\0", "").strip(), role))
    lines = list(islice(every, MOST + 1))  # The file may have 100,000.
    if not lines:
        raise ValidationError(_("There is no address in it."), code="empty")
    if len(lines) > MOST:
        sentence = _("This list has more than %(most)s addresses. Split it into several.")
        raise ValidationError(sentence, code="many", params={"most": MOST})
    return lines


def people_in(text: str, role: str) -> Iterator[Line]:
    return table(text, role) if is_table(text) else pasted(text, role)


def is_table(text: str) -> bool:
    return "email" in columns(first_row(text))


def first_row(text: str) -> list[str]:
    """Lines may end with a carriage return alone, as Excel's "CSV (Macintosh)" has them."""
    head = next(iter(text[:LONGEST_HEAD].splitlines()), "")
    return next(csv.reader([head.strip()], delimiter=delimiter(head)), [])


def delimiter(head: str) -> str:
    """Excel separates by semicolons where a comma is in numbers; copied cells are separated by tabs."""
    return max(DELIMITERS, key=head.count)


def columns(head: list[str]) -> list[str]:
    """What the columns are: one of a Line's own fields, the name of an app's column, or "" for one that is ignored."""
    known = {head: column.name for column in added_columns().values() for head in column.heads} | COLUMNS
    return [known.get(joined(cell).lower(), "") for cell in head]


def table(text: str, role: str) -> Iterator[Line]:
    """The rows of a CSV file whose first row names the columns. Empty rows are skipped."""
    head = columns(first_row(text))
    body = text.splitlines(keepends=True)
    try:
        for row in islice(csv.reader(body, delimiter=delimiter(body[0])), 1, None):
            values = {name: cell for name, cell in zip(head, row, strict=False) if name}
            if any(cell.strip() for cell in row):
                added = {name: typed for name, typed in values.items() if name not in LONGEST}
                email, name = values.get("email", ""), values.get("name", "")
                yield Line(email, role_of(values.get("role", ""), role), name, added)
    except csv.Error as error:
        raise no_table() from error


def pasted(text: str, role: str) -> Iterator[Line]:
    """`ann@x.example, Ben <ben@x.example>; "Cole, Cy" <cy@x.example>`, on one line or several."""
    for line in text.splitlines():
        before: list[str] = []  # Of "Cole, Cy <cy@x.example>", the first part.
        for piece in filter(str.strip, PIECE.findall(line)):
            if "<" in piece:
                yield from persons(" ".join([*before, piece]), role)
                before = []
            elif "@" in piece:
                yield from (Line(each, role) for each in before)
                yield from persons(piece, role)
                before = []
            else:
                before.append(piece)
        yield from (Line(each, role) for each in before)


def persons(piece: str, role: str) -> Iterator[Line]:
    if match := NAMED.fullmatch(piece):
        yield Line(match["email"], role, name=match["name"].replace('"', ""))
    elif piece.count("@") > 1:
        yield from (Line(word, role) for word in piece.split())
    else:
        yield Line(piece, role)


def role_of(typed: str, otherwise: str) -> str:
    """A role by its name, in English or in the reader's language; what was typed if it is none."""
    wanted = joined(typed).casefold()
    names = {name.casefold(): role.value for role in Role for name in (role.value, str(role.label))}
    return names.get(wanted, typed) if wanted else otherwise
