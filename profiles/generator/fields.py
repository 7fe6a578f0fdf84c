"""The fields that start_feature is given, `title:char due:date`, and what each becomes in the files it writes."""

import keyword
import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9_]*")
# What a model has already, or what Django would take for something else.
TAKEN = {"id", "pk", "objects", "created", "updated", "save", "delete", "clean", "check", "meta"}


class BadField(ValueError):
    """What is wrong with a field, in a sentence."""


@dataclass(frozen=True)
class Kind:
    """A type of field: its line in the model, a value as a form sends it, another one, and how templates show it.

    `optional` is its line where it may be left empty, if that is another one.
    """

    model: str
    typed: str
    other: str
    shown: str
    is_text: bool = False
    optional: str = ""


KINDS = {
    "char": Kind(
        'models.CharField(_("{label}"), max_length=200)',
        "A few words",
        "Other words",
        "{{{{ {it} }}}}",
        True,
        'models.CharField(_("{label}"), blank=True, max_length=200)',
    ),
    "text": Kind(
        'models.TextField(_("{label}"), blank=True, max_length=10_000)',
        "Some lines",
        "Other lines",
        "{{{{ {it}|urlize|linebreaks }}}}",
        True,
    ),
    "integer": Kind(
        'models.IntegerField(_("{label}"), default=0)',
        "7",
        "8",
        "{{{{ {it} }}}}",
        optional='models.IntegerField(_("{label}"), null=True, blank=True)',
    ),
    "decimal": Kind(
        'models.DecimalField(_("{label}"), max_digits=12, decimal_places=2, default=0)',
        "7.50",
        "8.50",
        "{{{{ {it} }}}}",
        optional='models.DecimalField(_("{label}"), max_digits=12, decimal_places=2, null=True, blank=True)',
    ),
    "boolean": Kind('models.BooleanField(_("{label}"), default=False)', "on", "", "{{{{ {it}|yesno }}}}"),
    "date": Kind(
        'models.DateField(_("{label}"), null=True, blank=True)', "2030-01-31", "2030-02-01", "{{{{ {it}|date }}}}"
    ),
    "datetime": Kind(
        'models.DateTimeField(_("{label}"), null=True, blank=True)',
        "2030-01-31T12:00",
        "2030-02-01T12:00",
        "{{{{ {it} }}}}",
    ),
    "email": Kind('models.EmailField(_("{label}"), blank=True)', "a@example.com", "b@example.com", "{{{{ {it} }}}}"),
    "url": Kind(
        'models.URLField(_("{label}"), blank=True)',
        "https://example.com/a",
        "https://example.com/b",
        "{{{{ {it}|urlize }}}}",
    ),
}
USER = "user"


@dataclass(frozen=True)
class Field:
    name: str
    type: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.type]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")

    @property
    def line(self) -> str:
        """Its line in the model."""
        return f"    {self.name} = {self.kind.model.format(label=self.label)}"

    @property
    def optional_line(self) -> str:
        """Its line in a model beside another one, whose rows are there before anything is filled in."""
        return f"    {self.name} = {(self.kind.optional or self.kind.model).format(label=self.label)}"

    def shown(self, row: str) -> str:
        """How a template shows it."""
        return self.kind.shown.format(it=f"{row}.{self.name}")


def read(texts: list[str]) -> tuple[list[Field], str]:
    """The fields, and the name of the one that is the author. Raises BadField."""
    fields = [field(text) for text in texts]
    names = [each.name for each in fields]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadField(f"{', '.join(sorted(twice))} is there twice.")
    authors = [each.name for each in fields if each.type == USER]
    if len(authors) > 1:
        raise BadField("Only one field can be of the type user: the author, who may edit what they wrote.")
    own = [each for each in fields if each.type != USER]
    if not own or own[0].type != "char":
        raise BadField("The first field has to be a char, as title:char. It is what lists and links show.")
    return own, authors[0] if authors else "author"


def field(text: str) -> Field:
    """A field of `name:type`. Raises BadField."""
    name, _, kind = text.partition(":")
    if not NAME.fullmatch(name) or keyword.iskeyword(name) or name in TAKEN:
        raise BadField(f"{name!r} cannot be the name of a field. Use lower case letters, digits and _, as in due_date.")
    if kind != USER and kind not in KINDS:
        raise BadField(f"{text!r} has no known type. The types are: {', '.join(KINDS)}, {USER}.")
    return Field(name, kind)
