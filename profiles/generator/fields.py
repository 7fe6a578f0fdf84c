"""Parses the fields for start_feature, `title:char due:date`, and defines what each becomes in the files."""

import keyword
import re
from dataclasses import dataclass
from importlib.util import find_spec

from django.db.models import Model

# Two underscores in a row, or one at the end, mean something else to Django (fields.E001, fields.E002).
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# So that the name of a constraint, of a model and a field, has room in PostgreSQL's 63 characters.
MOST = 25
WORDS = f"Use up to {MOST} lower case letters, digits and _"
# Names that the written files use for something else. Attributes of models and of the API's schemas are taken as well.
TAKEN = {"id", "objects", "created", "updated", "meta", "key", "by", "dt"}


def is_name(text: str) -> bool:
    """Can it be the name of an app or a field?"""
    return len(text) <= MOST and NAME.fullmatch(text) is not None and not keyword.iskeyword(text)


class BadField(ValueError):
    """A field or name is invalid. The message is a sentence."""


def check_app(name: str, like: str) -> None:
    """Raises BadField if it cannot be the name of an app."""
    if not is_name(name):
        raise BadField(f"{name!r} cannot be the name of an app. {WORDS}, as in {like}.")


@dataclass(frozen=True)
class Kind:
    """A type of field: its line in the model, two values as a form sends them, and how templates show it.

    `optional` is the line for a field that may be left empty, if it differs.
    """

    model: str
    typed: str
    other: str
    shown: str
    optional: str = ""


KINDS = {
    "char": Kind(
        'models.CharField(_("{label}"), max_length=200)',
        "A few words",
        "Other words",
        "{{{{ {it} }}}}",
        'models.CharField(_("{label}"), blank=True, max_length=200)',
    ),
    "text": Kind(
        'models.TextField(_("{label}"), blank=True, max_length=10_000)',
        "Some lines",
        "Other lines",
        "{{{{ {it}|urlize|linebreaks }}}}",
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
        """The field's line in the model."""
        return f"    {self.name} = {self.kind.model.format(label=self.label)}"

    @property
    def optional_line(self) -> str:
        """The field's line in a model that extends another one: its rows exist before members fill in anything."""
        return f"    {self.name} = {(self.kind.optional or self.kind.model).format(label=self.label)}"

    def shown(self, row: str) -> str:
        """The field's expression in a template, with a dash where it is empty."""
        it = f"{row}.{self.name}"
        shown = self.kind.shown.format(it=it)
        return f"{{% if {it} %}}{shown}{{% else %}}–{{% endif %}}" if self.may_be_empty else shown

    @property
    def may_be_empty(self) -> bool:
        return "blank=True" in self.kind.model


def read(texts: list[str]) -> tuple[list[Field], str]:
    """The fields, and the name of the author field. Raises BadField."""
    fields = [field(text) for text in texts]
    names = [each.name for each in fields]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadField(f"{', '.join(sorted(twice))} is given twice.")
    authors = [each.name for each in fields if each.type == USER]
    if len(authors) > 1:
        raise BadField("Only one field can have the type user: the author, who may edit the object.")
    own = [each for each in fields if each.type != USER]
    if not own or own[0].type != "char":
        raise BadField("The first field has to be a char, such as title:char. Lists and links show it.")
    return own, authors[0] if authors else "author"


def bases() -> list[type]:
    """What the written model is made from, and what it is shown by to programs, where the product has an API."""
    if not find_spec("pydantic"):
        return [Model]
    from pydantic import BaseModel

    return [Model, BaseModel]


def field(text: str) -> Field:
    """A field of `name:type`. Raises BadField."""
    name, _, kind = text.partition(":")
    if not is_name(name):
        raise BadField(f"{name!r} cannot be the name of a field. {WORDS}, as in due_date.")
    if name in TAKEN or name.startswith("model_") or any(hasattr(base, name) for base in bases()):
        raise BadField(f"{name!r} cannot be the name of a field, as it has a meaning already. Choose another one.")
    if kind != USER and kind not in KINDS:
        raise BadField(f"{text!r} has no known type. The types are: {', '.join(KINDS)}, {USER}.")
    return Field(name, kind)
