"""Finds what people read in templates and Python: what is not translated, and what has to be in the catalogues."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation.template import templatize

WORD = re.compile(r"[^\W\d_]{2,}")
# Text that is the same in all languages: an example's address, and names of formats and in protocols.
NAMES = {"acme", "HTML", "userName"}
ATTRIBUTES = {"title", "alt", "aria-label", "placeholder", "data-label", "data-preview-label"}
PARAMETER = re.compile(r'\b(?:title|text|label|action|question|consequence|alt|note|badge)="([^"]+)"')
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{% comment.*?{% endcomment %}", re.DOTALL)
CLASSES = re.compile(r"{% block main_class %}.*?{% endblock %}")
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
# Their descriptions are in documents for programs, OpenAPI's and SCIM's: in English, as the names in those are.
DOCUMENTED = {"Field", "Query", "AuthenticationScheme"}
# Arguments by name that people read.
READ = {"label", "help_text", "verbose_name", "verbose_name_plural", "violation_error_message", "description"}
MAPPINGS = {"labels", "help_texts", "error_messages"}
# Names in classes and on functions, which people read too.
ASSIGNED = {*READ, "short_description", "site_title", "site_header", "index_title", "empty_value_display"} - {"label"}
# Functions by the place of the argument that people read.
SPOKEN = {
    **dict.fromkeys(["ValidationError", "PermissionDenied", "alert"], 0),
    **dict.fromkeys(["add_error", "message_user"], 1),
}
# Of a text, they give a text.
METHODS = {"format", "join", "strip", "replace"}
# What a script shows without having been given it by a template.
SHOWN = re.compile(
    r"""(?:\b(?:textContent|innerText|innerHTML|title|ariaLabel|placeholder)\s*=|\b(?:alert|confirm|setCustomValidity)\(|"""
    r"""setAttribute\("(?:aria-label|title|alt|placeholder)",)\s*["'`]([^"'`]*)""",
)


class Texts(HTMLParser):
    """The texts of a page and of the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value]


def untranslated_in_template(source: str) -> list[str]:
    """Words outside translate and blocktranslate, in texts, attributes, and what is handed to included templates."""
    source = CLASSES.sub("", TRANSLATED.sub("", source))
    handed = [text for tag in TAG.findall(source) if tag.startswith("{% include") for text in PARAMETER.findall(tag)]
    parser = Texts()
    parser.feed(TAG.sub(lambda tag: "x " if tag[0].startswith("{{") else "", source))
    return [text.strip() for text in parser.found + handed if WORD.search(text) and text.strip(" \n.") not in NAMES]


def untranslated_in_python(source: str) -> list[str]:
    """Sentences for people, in messages, errors, forms and models, that no function of gettext gets."""
    tree = ast.parse(source)
    assigned = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    values = (value for node in ast.walk(tree) for value in read_by_people(node))
    plain = (assigned.get(value.id, value) if isinstance(value, ast.Name) else value for value in values)
    return [ast.unparse(value) for value in plain if is_plain(value)] + [*renamed(tree)]


def renamed(tree: ast.AST) -> Iterator[str]:
    """Functions of gettext under names that xgettext does not know: what they are given is in no catalogue."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (each.asname for each in node.names if each.asname not in {None, "_"} and each.asname)


def untranslated_in_script(source: str) -> list[str]:
    """Sentences in JavaScript: those that it shows have to come from an attribute that a template translates."""
    return [text for text in SHOWN.findall(source) if WORD.search(text)]


def is_plain(value: ast.expr) -> bool:
    """Is it a text literal in the code, also if formatted, concatenated, or one of two choices?"""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str) and bool(WORD.search(value.value))
    return isinstance(value, ast.JoinedStr) or any(map(is_plain, parts_of(value)))


def parts_of(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.BinOp):
        return [value.left, value.right] if isinstance(value.op, ast.Add) else [value.left]
    if isinstance(value, ast.IfExp):
        return [value.body, value.orelse]
    if isinstance(value, ast.BoolOp):
        return value.values
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in METHODS:
        return [value.func.value]
    return []


def read_by_people(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions in a node whose value is shown on a page."""
    if isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases):
        pairs = (each.value for each in node.body if isinstance(each, ast.Assign))
        yield from (pair.elts[-1] for pair in pairs if isinstance(pair, ast.Tuple))
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in MAPPINGS:
        yield from values_of(node.value)
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).rpartition(".")[2] in ASSIGNED:
        yield node.value
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in DOCUMENTED:
        yield from read_arguments(node)
        for keyword in node.keywords:
            if keyword.arg in READ:
                yield keyword.value
            elif keyword.arg in MAPPINGS:
                yield from values_of(keyword.value)


def read_arguments(node: ast.Call) -> Iterator[ast.expr]:
    """Those without a name."""
    function = ast.unparse(node.func)
    name = function.rpartition(".")[2]
    if name in SPOKEN:
        yield from node.args[SPOKEN[name] :][:1]
    elif function == "messages.add_message":
        yield from node.args[2:3]
    elif function.startswith("messages."):
        yield from node.args[1:2]
    if re.fullmatch(r"models\.\w+Field", function):
        yield from (arg for arg in node.args[:1] if isinstance(arg, ast.Constant))


def values_of(mapping: ast.expr) -> list[ast.expr]:
    return mapping.values if isinstance(mapping, ast.Dict) else []


def sentences(path: Path) -> set[str]:
    """The sentences of a file that have to be in its app's catalogues."""
    source = path.read_text()
    return set(in_python(source) if path.suffix == ".py" else in_template(source))


def in_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def in_template(source: str) -> Iterator[str]:
    """By what Django's makemessages hands to xgettext: the template as calls of gettext."""
    calls = re.compile(r"""\b(?:n?gettext|_)\(\s*u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)
    for literal in calls.findall(templatize(source)):
        yield ast.literal_eval(literal)
