"""Links in the documentation lead somewhere, and what it names is there. `make docs` makes a site of the same files."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands

from config import brand
from shared.capabilities.base import SLOTS, Capability
from shared.capabilities.registry import capabilities
from tenants.backend.memory import CHANGED_COUNTS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *ROOT.glob(".github/**/*.md")])
FENCED = re.compile(r"^( *)(```+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\]\([^)]*\))*\]\((?P<target>[^)\s]+)\)")
# `tests/shared/test_health.py::test_it_asks_the_database`
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# Blocks of code, and what in them may have any character: strings and comments.
PYTHON = re.compile(r"^ *```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
IN_QUOTES = re.compile(r'"[^"\n]*"|#.*')
HEADING = re.compile(r"^#+ +(?P<text>.+?) *$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
# In code: a path below one of the project's folders, or the name of one of its files.
OURS = "config|docs|profiles|shared|tenants|tests|\\.ci|\\.github|\\.devcontainer"
PATH = re.compile(rf"(?:(?:{OURS})/[\w./-]*|[\w-]+\.(?:py|sql|md|txt|toml|yml|css))")
# Files of a product's own app, and those that a command writes.
ELSEWHERE = {"rights.py", "pages.py", "access_matrix.txt", "queries.txt", "notes.css", "bench.json"}
FACTOR = re.compile(r"\d (?:\u00d7|times)\s+faster")
VARIABLE = re.compile(r"""(?:\benv\.\w+|environ\.get)\(\s*"([A-Z][A-Z_]+)"|environ\["([A-Z_]+)"\]""")


@cache
def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCED.sub("", page.read_text())


@cache
def anchors(page: Path) -> frozenset[str]:
    """What GitHub and the site make of a page's headings."""
    found: list[str] = []
    for heading in HEADING.finditer(prose(page)):
        slug = re.sub(r"[^\w\- ]", "", heading["text"].lower()).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return frozenset(found)


def broken(page: Path) -> Iterator[str]:
    for match in LINK.finditer(CODE.sub("code", prose(page))):
        target, _, anchor = unquote(match["target"]).partition("#")
        if re.match(r"[a-z]+:", target):
            continue  # elsewhere, which is not asked
        there = (page.parent / target).resolve() if target else page
        if not there.is_file():
            yield f"{match['target']}: there is no such file"
        elif anchor and anchor not in anchors(there):
            yield f"{match['target']}: there is no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    assert list(broken(page)) == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_no_page_says_a_thing_twice(page):
    """A merge can leave the old wording of a section beside the new one."""
    headings = HEADING.findall(prose(page))
    assert [each for each in headings if headings.count(each) > 1] == []


def test_code_in_python_can_be_coloured():
    """`make docs` fails for a character that Python does not know, such as the ellipsis that is one letter."""
    blocks = [(page.name, block) for page in PAGES for block in PYTHON.findall(page.read_text())]
    assert len(blocks) > 30
    assert [(name, block) for name, block in blocks if not IN_QUOTES.sub("", block).isascii()] == []


def test_the_figures_of_the_readme_are_those_of_the_bench():
    """docs/speed.md has the last run whole. Sign-up, column and page: a row of the one is in a row of the other."""
    table = (ROOT / "README.md").read_text().partition("## How fast")[2].partition("All figures")[0]
    rows = [
        set(re.findall(r"\d[\d.]*(?: m?s)?", line.partition("|")[2].partition("|")[2])) for line in table.splitlines()
    ]
    whole = [set(re.findall(r"\d[\d.]*(?: m?s)?", line)) for line in (DOCS / "speed.md").read_text().splitlines()]
    measured = [row for row in rows if row]
    assert len(measured) == 3
    assert [row for row in measured if not any(row <= each for each in whole)] == []


def test_other_pages_leave_factors_to_the_page_of_the_bench():
    """docs/design.md had one of an older run. The figures of `migrate` in docs/when-not.md are the last run's."""
    said = [page.name for page in PAGES if page.name != "CHANGELOG.md" and FACTOR.search(prose(page))]
    assert said == ["speed.md"]
    [column] = re.findall(r"adds a column \|.* ([\d.]+ s) \| ([\d.]+ s) \|", (DOCS / "speed.md").read_text())
    assert f"{column[1]}, against {column[0]} in one schema" in (DOCS / "when-not.md").read_text()


def test_tests_that_are_named_with_their_file_are_there():
    """SECURITY.md says of each kind of fault which test fails when it comes back."""
    named = [each.groups() for page in PAGES for each in TEST.finditer(page.read_text())]
    assert len(named) > 50
    assert [each for each in named if not is_there(*each)] == []


def is_there(file: str, test: str) -> bool:
    path = ROOT / file
    return path.is_file() and re.search(rf"^(async )?def {test}\(", path.read_text(), re.MULTILINE) is not None


def test_a_test_that_is_gone_is_noticed():
    assert is_there("tests/test_docs.py", "test_a_test_that_is_gone_is_noticed")
    assert not is_there("tests/test_docs.py", "test_a_test")


def test_a_broken_link_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One two\n\n[a](#one-two) [b](#three) [c](none.md)\n\n```\n[d](none.md)\n```\n")
    assert list(broken(page)) == ["#three: there is no such heading", "none.md: there is no such file"]


@cache
def names() -> frozenset[str]:
    folders = (ROOT / name for name in ("config", "docs", "profiles", "shared", "tenants", "tests"))
    return frozenset(
        {path.name for folder in folders for path in folder.rglob("*.*")} | {p.name for p in ROOT.iterdir()}
    )


def missing(page: Path) -> Iterator[str]:
    """Files and folders that a page names in code, and that are not there."""
    for code in CODE.findall(prose(page)):
        for name in filter(PATH.fullmatch, code.split()):
            there = (ROOT / name).exists() if "/" in name else name in names() | ELSEWHERE
            if not there:
                yield name


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_files_that_are_named_are_there(page):
    assert list(missing(page)) == []


def test_tests_that_are_named_are_there():
    named = {code for page in PAGES for code in CODE.findall(prose(page)) if re.fullmatch(r"test_\w+", code)}
    # `test_reader_cannot_invite` is an example of a test's name, not a real one.
    named -= {"test_reader_cannot_invite"}
    there = {
        name for path in ROOT.glob("tests/**/test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named
    assert named <= there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_named_are_there(page):
    text = page.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|\$ )make ([a-z][a-z-]+)", text)) <= targets
    of_capabilities = {path.stem for path in ROOT.glob("*/*/management/commands/*.py")}  # which may be taken out
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= get_commands().keys() | of_capabilities


def test_every_page_is_on_the_site():
    listed = set(re.findall(r"^   (\S+)$", (DOCS / "index.rst").read_text(), re.MULTILINE))
    assert {page.stem for page in DOCS.glob("*.md")} <= listed


def test_every_attribute_of_a_capability_has_its_section():
    own = {name for name in vars(Capability) if not name.startswith("_")} - {"default", "ready"}
    sections = set(re.findall(r"^### `(\w+)`$", (DOCS / "capabilities.md").read_text(), re.MULTILINE))
    assert sections == own | {name for name in Capability.__annotations__ if not name.startswith("_")}


def test_what_a_new_app_has_is_among_the_attributes_to_begin_with():
    section = (DOCS / "capabilities.md").read_text().partition("## Attributes: the dozen")[2].partition("\n## ")[0]
    listed = re.findall(r"\[`(\w+)`\]", section)
    skeletons = [ROOT / "profiles" / "generator" / "skeleton" / kind / "apps.py.txt" for kind in ("tenant", "public")]
    written = {name for path in skeletons for name in re.findall(r"^    (\w+) = ", path.read_text(), re.MULTILINE)}
    assert len(listed) == 12
    assert written - {"name"} <= set(listed)


def test_every_capability_has_a_row_and_says_which_tables_go_with_it():
    text = (DOCS / "capabilities.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+\.\w+)` \| .* \| (.+) \|$", text, re.MULTILINE))
    ours = {app.name: app for app in capabilities() if app.name.startswith(("shared.", "tenants.", "profiles."))}
    assert ours.keys() <= rows.keys()
    for name, app in ours.items():
        # A capability whose tables are a library's names the library's label.
        libraries = [label.rpartition(".")[2] for label in app.libraries] if rows[name] != "–" else []
        labels = [app.label] if (Path(app.path) / "migrations").is_dir() else libraries
        expected = ", ".join(f"`{label}`" for label in labels) or "–"
        assert rows[name] == expected + (" in `public`" if labels and app.lives_in == "public" else ""), name


def relations(path: Path) -> list[list[int]]:
    """Of each app that the file names: tables, indexes, sequences, and files of long values."""
    lines = path.read_text().splitlines()
    return [[int(number) for number in line.split()[1:]] for line in lines if line and line[0] != "#"]


def test_the_files_and_tables_of_an_organisation_are_counted():
    core = relations(ROOT / "profiles" / "testing" / "relations.txt")
    every = [row for path in ROOT.glob("*/**/testing/relations.txt") for row in relations(path)]
    files, tables = sum(map(sum, core)), sum(row[0] for row in core)
    all_files, all_tables = sum(map(sum, every)), sum(row[0] for row in every)
    when_not = (DOCS / "when-not.md").read_text()
    for words in (
        f"{files} files without capabilities, {all_files} with all",
        f"{files} files each, without any capability, that is\n{files} million files",
        f"10,000 organisations are {10_000 * files:,} files, or {round(all_files / 100)} million with all",
        f"{tables} without capabilities, {all_tables} with all: about {locks(tables)} or {locks(all_tables)} locks",
    ):
        assert words in when_not, words
    operations = (DOCS / "operations.md").read_text()
    assert f"An organisation has {tables} tables without capabilities, {all_tables} with all." in operations
    assert f"{locks(tables)} for 500" in operations
    assert f"and {locks(all_tables)} |" in operations


def locks(tables: int) -> str:
    """Of a dump of 500 organisations: one for each table, and some 200."""
    return f"{500 * tables + 200:,}"


@pytest.mark.parametrize("page", ["operations.md", "switching.md"])
def test_how_often_a_changed_organisation_counts(page):
    assert re.findall(r"created or changed counts\s(\S+)\stimes", prose(DOCS / page)) == [str(CHANGED_COUNTS)]


def test_every_slot_is_named():
    assert all(f"`{slot}`" in (DOCS / "capabilities.md").read_text() for slot in SLOTS)


def test_every_variable_has_its_row():
    read = {
        name
        for path in ROOT.glob("config/**/*.py")
        for match in VARIABLE.finditer(path.read_text())
        for name in match.groups()
        if name
    }
    rows = set(re.findall(r"`([A-Z_]+)`", (DOCS / "settings.md").read_text()))
    assert len(read) > 20
    assert read - {"DJANGO_SETTINGS_MODULE"} <= rows


def test_the_newest_release_is_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    unreleased, newest = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[:2]
    assert (unreleased, newest) == ("Unreleased", version)


def test_the_invariants_that_comments_name_are_there():
    cited = {
        number
        for folder in ("config", "profiles", "shared", "tenants", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for number in re.findall(r"docs/design\.md, invariant (\d+)", path.read_text())
    }
    there = re.findall(r"^## Invariant (\d+):", (DOCS / "design.md").read_text(), re.MULTILINE)
    assert cited
    assert cited <= set(there) == set(map(str, range(1, 11)))


def test_faults_are_told_to_the_products_own_address():
    assert f"<{brand.SECURITY_EMAIL}>" in (ROOT / "SECURITY.md").read_text()


def test_pictures_are_small():
    pictures = list((DOCS / "pictures").iterdir())
    assert pictures
    assert max(picture.stat().st_size for picture in pictures) <= 150_000
