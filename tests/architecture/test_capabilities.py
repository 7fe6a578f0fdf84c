"""Capabilities can be taken out: no file outside names one, and everything that they add has a place in templates."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern

from profiles.testing.matrix import walk
from shared.capabilities.base import SLOTS, Capability
from shared.capabilities.loading import find
from shared.capabilities.registry import capabilities
from tests.architecture.imports import LAYERS, ROOT

CORE = ("shared", "tenants", "profiles")
# Upstream's own apps: a product's apps may name the apps that they build on.
INSTALLED = [app for app in capabilities() if app.name not in CORE and app.name.partition(".")[0] in CORE]
KINDS = {".py", ".html", ".txt", ".svg", ".css", ".js"}
# The one list of them, which is where they are taken out.
SETTINGS = ROOT / "config" / "settings.py"


@cache
def files() -> list[Path]:
    """The product's files; without migrations, which repeat former code."""
    found = (path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*")) if path.suffix in KINDS)
    return [path for path in found if not {"migrations", "skeleton"} & set(path.parts) and path != SETTINGS]


@cache
def text(path: Path) -> str:
    return path.read_text()


@cache
def app_of(path: Path) -> str:
    """The capability that a file belongs to, or the layer."""
    parts = path.relative_to(ROOT).parts
    inside = (".".join(parts[:depth]) for depth in range(len(parts) - 1, 1, -1))
    return next(filter(is_app, inside), parts[0])


def is_app(name: str) -> bool:
    return (ROOT / Path(*name.split("."), "apps.py")).exists()


@cache
def may_name(name: str, app: str) -> bool:
    """Is it this app itself, or one that requires it, installed or taken out?"""
    return name == app or (is_app(name) and any(may_name(other, app) for other in find(name).requires))


def is_loaded_with(path: Path, app: Capability) -> bool:
    """Is it a module of operations, of an app that is installed or taken out? Without the API, nothing imports it."""
    if app.name != "profiles.api":
        return False
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return is_app(owner := app_of(path)) and find(owner).api == module


def url_names(app: Capability) -> list[str]:
    maps = [
        getattr(app, area)
        for area in ("tenant_urls", "public_urls", "operator_urls", "development_urls")
        if getattr(app, area)
    ]
    found: Iterator[tuple[str, URLPattern]] = (
        pair for name in maps for pair in walk(import_module(name).urlpatterns, "", "")
    )
    return [name for name, _ in found if not name.startswith("/")]


def templates_of(app: Capability) -> list[str]:
    root = Path(app.path, "templates")
    return [str(path.relative_to(root)) for path in root.rglob("*.html")]


def is_telling(name: str) -> bool:
    """Is a string that is this name the name of an address, wherever it stands? One word can be anything else."""
    # The last two are a column of Tenant and a row of a command as well.
    return "_" in name and ":" not in name and name not in {"support_access", "mail_domain"}


def naming(app: Capability) -> dict[str, re.Pattern[str]]:
    """Everything by which a file can name a capability: its modules, models, templates, addresses and rights.

    Each pattern stands under a text without which it does not match: to look for that first takes a fifth of the time.
    """
    layer, _, room = app.name.rpartition(".")
    folder = app.name.replace(".", "/") + "/"
    address = r"(?:{%\s*url|nav_link|reverse(?:_lazy)?\(|redirect\(|url_name=)\s*"
    patterns = {
        app.name: rf"(?<![\w.]){re.escape(app.name)}\b(?!\])",  # `[organisation with profiles.admin]` is a condition
        folder: rf"\b{re.escape(folder)}",
        f"{app.label}.": rf"[\"']{app.label}\.[A-Z]\w+[\"']",
        **{name: rf"[\"']{re.escape(name)}[\"']" for name in templates_of(app)},
        **{name: rf"{'' if is_telling(name) else address}[\"']{re.escape(name)}[\"']" for name in url_names(app)},
        **{f"may.{right}": rf"\bmay\.{re.escape(right)}\b" for right in app.rights},
        **{f"may={quote}{right}": rf"may={quote}{re.escape(right)}{quote}" for right in app.rights for quote in "\"'"},
    }
    if layer:
        patterns[f"from {layer} import"] = rf"from {re.escape(layer)} import (?:\([^)]*|[^\n]*)\b{room}\b"
    return {text: re.compile(pattern) for text, pattern in patterns.items()}


def name_in(text: str, patterns: dict[str, re.Pattern[str]]) -> str | None:
    found = (pattern.search(text) for needed, pattern in patterns.items() if needed in text)
    return next((match[0] for match in found if match), None)


@pytest.mark.parametrize("app", INSTALLED, ids=lambda app: app.name)
def test_no_file_outside_a_capability_names_it(app):
    named = naming(app)
    others = [path for path in files() if not may_name(app_of(path), app.name)]
    outside = [path for path in others if not is_loaded_with(path, app)]
    assert len(outside) > 200
    found = {str(path.relative_to(ROOT)): name for path in outside if (name := name_in(text(path), named))}
    assert found == {}, f"{app.name} could not be taken out: register it from its own folder, or say requires."


@pytest.mark.parametrize(
    "line",
    [
        "from profiles.welcome.models import Welcome",
        "from profiles import roles, welcome",
        "from profiles import (\n    roles,\n    welcome,\n)",
        'import_string("profiles.welcome.card.context")',
        'models.ForeignKey("welcome.Welcome")',
        '{% include "profiles/welcome_card.html" %}',
        '<a href="{% url "edit_welcome" %}">',
        'return redirect("edit_welcome")',
        'OPEN = {"home", "edit_welcome"}',
        "{% if may.edit_welcome %}",
        'Link(url_name="home", may="edit_welcome")',
    ],
)
def test_naming_is_noticed(line):
    welcome = next((app for app in INSTALLED if app.name == "profiles.welcome"), None)
    if welcome is None:
        pytest.skip("profiles.welcome is taken out")
    assert name_in(line, naming(welcome))


def templates() -> list[Path]:
    return [path for path in files() if "templates" in path.parts]


@pytest.mark.parametrize("name", sorted(SLOTS))
def test_every_slot_stands_in_a_template_that_is_always_there(name):
    core = [path for path in templates() if app_of(path) in CORE]
    assert [path for path in core if re.search(rf'{{% slot "{name}"( as \w+)? %}}', text(path))]


def test_a_template_asks_for_rights_of_its_own_app_or_of_the_core():
    granted = {app.name: set(app.rights) for app in capabilities()}
    always = set().union(*(granted[name] for name in CORE))
    asked = {
        (str(path.relative_to(ROOT)), right)
        for path in templates()
        for right in re.findall(r"\bmay\.(\w+)", text(path))
        if right not in always | granted.get(app_of(path), set()) and app_of(path) in granted
    }
    assert asked == set()


@pytest.mark.parametrize("app", list(capabilities()), ids=lambda app: app.name)
def test_each_closes_addresses_of_its_own_to_support(app):
    """The core once closed one of `profiles.returning`."""
    own = url_names(app)
    assert [pattern for pattern in app.not_for_support if not any(fnmatchcase(name, pattern) for name in own)] == []


def test_what_is_counted_has_a_limit_of_its_own_app_or_of_the_core():
    """`profiles.joining` once brought the limit of accepting an invitation, which failed without it."""
    of_apps = {app.name: set(app.limits) for app in capabilities()}
    always = set(settings.LIMITS) - set().union(*of_apps.values())
    counted = {
        (str(path.relative_to(ROOT)), action)
        for path in files()
        if path.suffix == ".py" and app_of(path) in of_apps
        for action in re.findall(r'(?:refusal_of\(\w+, |take_for\(|LIMITS\[)"(\w+)"', path.read_text())
        if action not in always | of_apps[app_of(path)]
    }
    assert counted == set()


def test_what_can_be_taken_out_is_listed_and_has_its_folder():
    on_disk = {app_of(path) for path in ROOT.glob("*/*/apps.py") if path.parts[-3] in CORE}
    assert {name for name in settings.CAPABILITIES if name.partition(".")[0] in CORE} <= on_disk
