"""The forms of a page, read from its HTML as a browser reads them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

# Tests send no token, since their browsers are not asked for one.
TOKEN = "csrfmiddlewaretoken"


@dataclass
class Field:
    """One field with its value; `kind` is the input's type, "textarea" or "select"."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    bound: str | None = None


@dataclass
class Form:
    """Where a form goes, by which method and encoding, and its fields."""

    action: str
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)

    def add(self, fields: list[Field]) -> None:
        """Take those in that it lacks."""
        self.fields += [each for each in fields if each.name not in self.names]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.name for each in self.fields if each.name != TOKEN))


class Page(HTMLParser):
    """A page's forms, its links with a query, and every tag in it."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.tags: set[str] = set()
        self._form: Form | None = None
        self._field: Field | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            action = given.get("action") or self.path
            multipart = given.get("enctype") == "multipart/form-data"
            self._form = Form(action, given.get("method", "get").lower(), multipart)
            self.forms.append(self._form)
        elif tag == "a" and "?" in given.get("href", ""):
            self._take_link(given["href"])
        elif given.get("name") and self._form and tag in ("input", "textarea", "select", "button"):
            self._take_field(tag, given)
        elif tag == "option" and self._field:
            self._field.options.append(given.get("value", ""))
            if "selected" in given:
                self._field.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("textarea", "select"):
            self._field = None

    def handle_data(self, data: str) -> None:
        if self._field and self._field.kind == "textarea":
            self._field.value += data

    def _take_field(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        new = Field(given["name"], kind, given.get("value", ""), bound=given.get("maxlength"))
        assert self._form is not None
        self._form.fields.append(new)
        self._field = new if tag in ("textarea", "select") else None

    def _take_link(self, href: str) -> None:
        """A link with a query is a form that is filled in already."""
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            return
        fields = [Field(name, "text", value) for name, value in parse_qsl(parts.query)]
        self.forms.append(Form(parts.path or self.path, "get", multipart=False, fields=fields))
