"""Writes the files of a new app: skeletons in which names and fields are filled in."""

import ast
import keyword
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from django.apps import apps

from profiles.generator.fields import MOST, BadField, Field, check_app

SKELETONS = Path(__file__).parent / "skeleton"
SUFFIX = ".txt"
# A model of which no skeleton knows.
STAND_IN = "StandIn"
# Variables of every page, and those that views pass to templates besides the object.
OF_PAGES = ("may", "perms", "messages", "user", "edits")
NAMED_IN_TEMPLATE = re.compile(r"\b(?:as|asvar|for) (\w+) (?:%|in\b)")


@dataclass(frozen=True, kw_only=True)
class Feature:
    """The names and fields that fill in the skeletons. Raises BadField for invalid names."""

    app: str
    model: str
    fields: list[Field]
    author: str

    def __post_init__(self) -> None:
        check_app(self.app, like="notes")
        if not re.fullmatch(rf"[A-Z][A-Za-z0-9]{{0,{MOST - 1}}}", self.model) or keyword.iskeyword(self.model):
            raise BadField(f"{self.model!r} cannot be the name of a model. Write it as in Note or MeetingNote.")
        if self.model.lower() == self.app:
            raise BadField("The model needs another name than the app, which is the plural, such as notes and Note.")
        if self.author in {field.name for field in self.fields}:
            raise BadField(
                f"{self.author!r} is the field of the member who writes it. Write {self.author}:user, or choose "
                "another name for one of the two."
            )

    @property
    def words(self) -> dict[str, str]:
        """The placeholders of the skeletons, with their values."""
        plural = self.app.replace("_", " ")
        first = self.fields[0]
        # Django 5.2 warns of URLs without a scheme, which it takes for http.
        https = 'partial(forms.URLField, assume_scheme="https")'
        urls = [f'"{field.name}": {https}' for field in self.fields if field.type == "url"]
        widgets = list(filter(None, map(widget, self.fields)))
        shown = "\n".join(
            f'        <div><dt>{{% translate "{field.label.capitalize()}" %}}</dt>'
            f'<dd dir="auto">{field.shown(self.model.lower())}</dd></div>'
            for field in self.fields[1:]
        )
        return {
            "__app__": self.app,
            "__path__": self.app.replace("_", "-"),
            "__Plural__": plural.capitalize(),
            "__plural__": plural,
            "__Model__": self.model,
            "__Model_words__": words_of(self.model).capitalize(),
            "__model_words__": words_of(self.model),
            "__model__": self.model.lower(),
            "__author__": self.author,
            "__title__": first.name,
            "__Title__": first.label.capitalize(),
            "__FIELDS__": "\n".join(field.line for field in self.fields),
            "__LABELS__": " | ".join(field.label.capitalize() for field in self.fields),
            "__FIELD_NAMES__": repr([field.name for field in self.fields]),
            # Not an empty dict, of which mypy asks what is in it.
            "__WIDGETS__": f"\n        widgets = {{{', '.join(widgets)}}}" if widgets else "",
            "__FORM_IMPORTS__": "from functools import partial\n\n" if urls else "",
            "__FORM_CLASSES__": f"\n        field_classes = {{{', '.join(urls)}}}" if urls else "",
            "__TYPED__": repr({field.name: field.kind.typed for field in self.fields if field.kind.typed}),
            "__SHOWN__": shown,
            "__API_IMPORTS__": imports(self.fields),
            "__API_SHOWN__": "\n".join(f"    {field.name}: {typed(field)}" for field in self.fields),
            "__API_TYPED__": "\n".join(
                f"    {field.name}: {'str' if field is first else typed(field)}" for field in self.fields
            ),
            "__Config__": "".join(part.capitalize() for part in self.app.split("_")),
        }


def words_of(model: str) -> str:
    """A model's name as people write it: MeetingNote is "meeting note"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", model).lower()


def typed(field: Field) -> str:
    """Its type and default for programs."""
    kinds = {
        "integer": "int = 0",
        "decimal": "Decimal = Decimal(0)",
        "boolean": "bool = False",
        "date": "dt.date | None = None",
        "datetime": "dt.datetime | None = None",
    }
    return kinds.get(field.type, 'str = ""')


def imports(fields: list[Field]) -> str:
    """What these types are from. A field may be called date, so the type has a module in front."""
    return "import datetime as dt" + "\nfrom decimal import Decimal" * any(field.type == "decimal" for field in fields)


def widget(field: Field) -> str:
    """The form's widget for a field whose default widget is a plain text input."""
    kinds = {"date": "date", "datetime": "datetime-local"}
    if field.type not in kinds:
        return ""
    name = "DateInput" if field.type == "date" else "DateTimeInput"
    formats = "%Y-%m-%d" if field.type == "date" else "%Y-%m-%dT%H:%M"
    return f'"{field.name}": forms.{name}(format="{formats}", attrs={{"type": "{kinds[field.type]}"}})'


class Filled(Protocol):
    """The app's name, and the placeholders with their values."""

    @property
    def app(self) -> str: ...

    @property
    def words(self) -> dict[str, str]: ...


def check_model(feature: Feature, skeleton: str) -> None:
    """Raises BadField if functions, tests and templates call the object by a name that means something else there."""
    if feature.model.lower() in names_in(replace(feature, model=STAND_IN), skeleton):
        raise BadField(
            f"{feature.model.lower()!r} means something else in the files that are written. Choose another name for "
            "the model."
        )


def names_in(feature: Feature, skeleton: str) -> set[str]:
    """Names that functions of the skeleton use, and variables of templates which show the object."""
    names = set(OF_PAGES)
    for path in (path for each in [skeleton, *more(skeleton)] for path in files(each)):
        text = fill(path.read_text(), feature)
        if path.stem.endswith(".py"):
            names |= names_in_functions(ast.parse(text))
        elif re.search(rf"\b{STAND_IN.lower()}\b", text):
            names |= set(NAMED_IN_TEMPLATE.findall(text))
    return names


def names_in_functions(tree: ast.Module) -> set[str]:
    """Their parameters and all that is read or set in them. Decorators are outside."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = [node for each in functions for part in (each.args, *each.body) for node in ast.walk(part)]
    names = {node.arg for node in inside if isinstance(node, ast.arg)}
    return names | {node.id for node in inside if isinstance(node, ast.Name)}


def write(feature: Filled, skeleton: str, folder: Path) -> list[Path]:
    """Write a filled-in skeleton to a new folder; returns the files. Raises FileExistsError if the folder exists."""
    folder.mkdir()
    return [write_file(path, feature, each, folder) for each in [skeleton, *more(skeleton)] for path in files(each)]


def files(skeleton: str) -> list[Path]:
    return sorted((SKELETONS / skeleton).rglob(f"*{SUFFIX}"))


def more(skeleton: str) -> list[str]:
    """What belongs to it where other apps are installed: skeleton/tenant_with/<app>/ beside skeleton/tenant/."""
    folders = sorted((SKELETONS / f"{skeleton}_with").glob("*"))
    return [f"{skeleton}_with/{each.name}" for each in folders if apps.is_installed(each.name)]


def write_file(path: Path, feature: Filled, skeleton: str, folder: Path) -> Path:
    relative = path.relative_to(SKELETONS / skeleton).with_suffix("")
    if relative.parts[0] == "templates":
        relative = Path("templates", feature.app, *relative.parts[1:])
    target, text = folder / fill(str(relative), feature), fill(path.read_text(), feature)
    if target.suffix == ".py" and (twice := named_twice(text)):
        raise BadField(f"{', '.join(sorted(twice))} would mean two things in {target.name}. Choose other names.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return target


def named_twice(text: str) -> set[str]:
    """Names that a file imports or defines more than once: a model User, say, beside the members'."""
    names: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names += [alias.asname or alias.name for alias in node.names]
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.append(node.name)
    return {name for name in names if names.count(name) > 1}


def fill(text: str, feature: Filled) -> str:
    for placeholder, word in feature.words.items():
        text = text.replace(placeholder, word)
    return text


def register(app: str, product: Path) -> None:
    """Add the app to ADDED in config/product.py. If that is impossible, raises BadField and changes nothing."""
    text = product.read_text()
    marker = "ADDED: list[str] = ["
    if text.count(marker) != 1:
        raise BadField(f"{product.name} has no line that begins with {marker!r}. Add {app!r} to ADDED by hand.")
    before, after = text.split(marker)
    between, closing, rest = after.partition("]")
    apps = [each.strip() for each in between.split(",") if each.strip()]
    product.write_text(before + marker + ", ".join([*apps, f'"{app}"']) + closing + rest)
