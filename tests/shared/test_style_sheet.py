"""The pages' style sheets as one file, and the icons."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find, get_finders

from shared.icons import drawings, icon
from shared.style_sheet import FOLDER, NAME, SHEETS

TEMPLATES = [path for app in ("shared", "tenants", "profiles") for path in Path(app).rglob("*.html")]


def made() -> Path:
    path = find(NAME)
    assert path is not None
    return Path(path)


@pytest.fixture
def folder(settings, tmp_path):
    settings.STYLE_SHEET_DIR = tmp_path
    return tmp_path


def test_one_file_has_all_of_them_in_order(folder):
    text = made().read_text()
    places = [text.index((FOLDER / f"{name}.css").read_text()) for name in SHEETS]
    assert places == sorted(places)
    assert {path.stem for path in FOLDER.glob("*.css")} == set(SHEETS)


def test_it_follows_a_change(folder):
    file = made()
    file.write_text("of yesterday")
    assert made().read_text() != "of yesterday"
    assert list(file.parent.iterdir()) == [file]


def test_collectstatic_finds_it(folder):
    found = {path: storage for finder in get_finders() for path, storage in finder.list([])}
    assert found[NAME].exists(NAME)


def test_each_icon_that_a_template_names_is_there():
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)" %}', path.read_text())}
    assert named <= set(drawings())


def test_icon_says_nothing_to_screen_readers_and_turns_with_the_language():
    assert 'aria-hidden="true"' in icon("people")
    assert "icon--directional" in icon("next")
    assert "icon--directional" not in icon("people")


def test_name_that_is_no_icons_is_an_error():
    with pytest.raises(LookupError, match=r"The icons are .*people"):
        icon("poeple")


def test_each_variant_that_a_template_asks_for_is_drawn():
    sheets = "".join(path.read_text() for app in ("shared", "tenants", "profiles") for path in Path(app).rglob("*.css"))
    asked = {(name, path.name) for path in TEMPLATES for name in re.findall(r"[a-z]+--[a-z]+", path.read_text())}
    assert len(asked) > 50
    assert {(name, path) for name, path in asked if f".{name}" not in sheets} == set()
