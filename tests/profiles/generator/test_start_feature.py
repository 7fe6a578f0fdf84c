"""manage.py start_feature: what it takes, what it refuses in a sentence, and that it writes all or nothing.

That what it writes passes all gates is shown by `make test-feature`.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from profiles.generator.fields import KINDS, MOST, BadField, read
from profiles.generator.steps import check_pages_are_free, tidy
from profiles.generator.writing import Feature, check_model, fill, register, write
from profiles.testing import needs
from tests.feature import OF_README, ROOT

FIELDS = ["title:char", "text:text", "due:date", "author:user"]


@pytest.fixture
def root(settings, tmp_path):
    """A product's folder, empty but for config/product.py."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "product.py").write_text("ADDED: list[str] = []\n")
    settings.BASE_DIR = tmp_path
    return tmp_path


def feature(app: str = "notes", model: str = "Note", fields: list[str] = FIELDS) -> Feature:
    own, author = read(fields)
    return Feature(app=app, model=model, fields=own, author=author)


def test_the_author_is_the_field_of_type_user():
    own, author = read(["title:char", "writer:user"])
    assert ([field.name for field in own], author) == (["title"], "writer")


def test_without_one_there_is_an_author_all_the_same():
    assert read(["title:char"])[1] == "author"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["title"], "has no known type"),
        (["title:varchar"], "has no known type"),
        (["Title:char"], "cannot be the name of a field"),
        (["class:char"], "cannot be the name of a field"),
        (["due__date:char"], "cannot be the name of a field"),
        (["due_:char"], "cannot be the name of a field"),
        (["título:char"], "cannot be the name of a field"),
        (["t" * 26 + ":char"], "cannot be the name of a field"),
        (["pk:char"], "has a meaning already"),
        (["full_clean:char"], "has a meaning already"),
        (["json:char"], "has a meaning already"),
        (["by:char"], "has a meaning already"),
        (["title:char", "title:text"], "is given twice"),
        (["text:text"], "The first field has to be a char"),
        (["title:char", "a:user", "b:user"], "Only one field"),
        (["title:char", "author:char"], "Write author:user, or"),
    ],
)
def test_fields_that_cannot_be_are_refused(fields, words):
    with pytest.raises(BadField, match=words):
        feature(fields=fields)


@pytest.mark.parametrize(
    ("app", "model", "words"),
    [
        ("Notes", "Note", "name of an app"),
        ("my-notes", "Note", "name of an app"),
        ("../notes", "Note", "name of an app"),
        ("notes", "note", "name of a model"),
        ("notes", "My_Note", "name of a model"),
        ("notes", "Été", "name of a model"),
        ("notes", "None", "name of a model"),
        ("class", "Lesson", "name of an app"),
        ("my notes", "Note", "name of an app"),
        ("n" * 26, "Note", "name of an app"),
        ("news", "News", "another name than the app"),
    ],
)
def test_names_that_cannot_be_are_refused(app, model, words):
    with pytest.raises(BadField, match=words):
        feature(app, model)


@pytest.mark.parametrize("name", ["json", "django", "profiles", "auth", "welcome"])
def test_a_name_that_is_taken_is_refused(root, name):
    with pytest.raises(CommandError, match="Choose another one"):
        call_command("start_feature", name, "Thing", *FIELDS)
    assert not (root / name).exists()


@pytest.mark.parametrize(
    ("app", "model", "words"),
    [
        ("people", "Being", "A page is called 'people' already"),
        ("guests", "Person", "A page is called 'person' already"),
        ("humans", "User", "'user' means something else"),
        ("polls", "Page", "'page' means something else"),
        ("polls", "Form", "'form' means something else"),
        ("polls", "Request", "'request' means something else"),
        ("polls", "Actor", "'actor' means something else"),
        ("polls", "Owner", "'owner' means something else"),
        ("polls", "Question", "'question' means something else"),
        ("polls", "May", "'may' means something else"),
        ("changes", "Alteration", "changes would mean two things in"),
    ],
)
def test_what_would_take_the_place_of_something_else_is_refused(root, app, model, words):
    with pytest.raises(CommandError, match=words):
        call_command("start_feature", app, model, *FIELDS)
    assert not (root / app).exists()


def test_an_address_that_is_taken_is_refused(settings):
    with pytest.raises(BadField, match="There is a page at /profile/ already"):
        check_pages_are_free("profile", "part", settings.ROOT_URLCONF)
    check_pages_are_free("notes_of_mine", "note_of_mine", settings.ROOT_URLCONF)


def test_a_folder_that_is_there_is_left_alone(root):
    (root / "notes").mkdir()
    with pytest.raises(CommandError, match="There is a folder notes/ already"):
        call_command("start_feature", "notes", "Note", *FIELDS)
    assert list((root / "notes").iterdir()) == []


def test_where_a_step_fails_nothing_stays(root):
    """There is no manage.py here, so no migration can be made."""
    before = (root / "config" / "product.py").read_text()
    with pytest.raises(CommandError, match="makemigrations"):
        call_command("start_feature", "stones", "Stone", *FIELDS)
    assert not (root / "stones").exists()
    assert (root / "config" / "product.py").read_text() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ADDED: list[str] = []\n", 'ADDED: list[str] = ["notes"]\n'),
        ('ADDED: list[str] = ["shop"]\nX = 1\n', 'ADDED: list[str] = ["shop", "notes"]\nX = 1\n'),
        ('ADDED: list[str] = [\n    "shop",\n]\n', 'ADDED: list[str] = ["shop", "notes"]\n'),
    ],
)
def test_the_app_is_added_to_those_of_the_product(tmp_path, before, after):
    product = tmp_path / "product.py"
    product.write_text(before)
    register("notes", product)
    assert product.read_text() == after


def test_a_product_file_that_was_written_anew_is_not_guessed_at(tmp_path):
    product = tmp_path / "product.py"
    product.write_text("from elsewhere import ADDED\n")
    with pytest.raises(BadField, match="by hand"):
        register("notes", product)


@pytest.mark.parametrize("model", ["Note", "MeetingNote", "Product", "Task", "Event", "Transaction", "Row", "Label"])
def test_common_names_are_taken(model):
    for skeleton in ("tenant", "public"):
        check_model(feature("polls", model), skeleton)


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_has_no_empty_list_of_widgets(tmp_path, kind):
    """mypy asks what is in an empty dict, so `make check` would fail."""
    write(feature(fields=["title:char", f"one:{kind}"]), "tenant", tmp_path / "notes")
    text = (tmp_path / "notes" / "forms.py").read_text()
    assert "{}" not in text
    assert ("widgets" in text) == (kind in ("date", "datetime"))


@pytest.mark.parametrize("skeleton", ["tenant", "public"])
def test_no_placeholder_stays(tmp_path, skeleton):
    one = feature("meeting_notes", "MeetingNote", ["title:char", "text:text", "due:date", "at:datetime", "sum:decimal"])
    files = write(one, skeleton, tmp_path / "meeting_notes")
    assert Path(tmp_path, "meeting_notes", "templates", "meeting_notes", "list.html") in files
    for path in files:
        assert not [word for word in one.words if word in path.read_text() + path.name], path


@pytest.mark.parametrize("skeleton", ["tenant", "public"])
def test_the_longest_names_leave_lines_short_and_clean(tmp_path, skeleton):
    kinds = [f"{kind}_{'n' * (MOST - len(kind) - 1)}:{kind}" for kind in KINDS]
    one = feature("n" * MOST, "M" * MOST, kinds)
    write(one, skeleton, tmp_path / one.app)
    tidy(tmp_path / one.app)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select=E,F,I",
        "--line-length=120",
        tmp_path,
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_words_with_a_blank_are_words_in_pages_and_names_in_code():
    one = feature("meeting_notes", "MeetingNote")
    assert fill("__Plural__ at /__path__/ of __app__", one) == "Meeting notes at /meeting-notes/ of meeting_notes"


@needs("profiles.api")
def test_the_readme_shows_the_command_and_the_files_that_it_writes(tmp_path):
    command, migrate = OF_README
    _, name, app, model, *fields = command.split()
    assert (name, migrate) == ("start_feature", "manage.py migrate")
    own, author = read(fields)
    write(Feature(app=app, model=model, fields=own, author=author), "tenant", tmp_path / app)
    shown = re.search(rf"^```\n{app}/(.+?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert shown
    named = {each for line in shown[1].splitlines() for each in re.split(r"\s{2,}", line.strip())[0].split(", ")}
    assert named == {
        path.name + "/" * path.is_dir()
        for path in (tmp_path / app).iterdir()
        if path.name not in ("__init__.py", "migrations")
    }
