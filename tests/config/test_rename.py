"""`make rename`: which lines it changes, what it refuses, and where upstream's name stays."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from config import brand
from config.bundled import lease
from config.bundled.server import PRODUCT, product_of
from config.rename import FIRST_NAME, LINES, BadName, Names, rename
from config.upgrade import TENANTRY
from tests.config.conftest import BASE_DIR, assert_sentence
from tests.daily import part_each_day

NIGHTLIGHT = Names("Nightlight", "nightlight", "nightlight.example")
MOON = Names("Moon & Sons", "moon", "moon.example")

# Where upstream is meant, and the reason. A product that has its own name finds Tenantry's nowhere else.
UPSTREAM = {
    r"LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|AGENTS\.md|\.github/.*": "whose work it is, and how it is worked on",
    r"docs/.*|SECURITY\.md|README\.md": "what upstream promises and measures, with the roles' names of its own product",
    r"requirements.*\.txt": "who asked for a package: `make lock` writes it anew",
    r"tests/.*": "contestants of the bench, hosts and folders of tests",
    r"Makefile": "the bench's contestant",
    r"config/(brand|plans|product|rename|upgrade)\.py": "files that upstream does not change",
    r"config/postgres/base\.py|tenants/management/refusal\.py|pyproject\.toml": "what upstream needs",
    r"conftest\.py|shared/static/shared/css/tokens\.css": "upstream's tests, upstream's shapes",
    r"tenants/addresses/reserved\.py": "an address that no organisation gets",
}


def tracked() -> list[str]:
    command = ["git", "ls-files", "-z"]
    return (
        subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout.strip("\0").split("\0")
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that are renamed, with the code that does it."""
    for path in [*LINES, "README.md", "config/__init__.py", "config/rename.py"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BASE_DIR / path, tmp_path / path)
    # As upstream has them, also where this is the suite of a product.
    brand = tmp_path / "config/brand.py"
    brand.write_text(re.sub(r'^NAME = ".*"$', f'NAME = "{FIRST_NAME}"', brand.read_text(), flags=re.MULTILINE))
    (tmp_path / "README.md").write_text(f"# {FIRST_NAME}\n\nA starter.\n")
    return tmp_path


def texts(clone: Path) -> dict[str, str]:
    return {path: (clone / path).read_text() for path in [*LINES, "README.md"]}


def test_the_product_has_its_name_everywhere(clone: Path) -> None:
    rename(NIGHTLIGHT, clone)
    project = tomllib.loads((clone / "pyproject.toml").read_text())["project"]
    compose = yaml.safe_load((clone / "docker-compose.yml").read_text())
    web, postgres = compose["services"]["web"], compose["services"]["postgres"]
    assert project["name"] == compose["name"] == web["image"] == "nightlight"
    assert postgres["image"] == "postgres:18"
    address = r"postgres://nightlight_web:.*@postgres:5432/nightlight"
    assert re.fullmatch(address, web["environment"]["DATABASE_URL"])
    address = compose["services"]["worker"]["environment"]["DATABASE_URL"]
    assert re.fullmatch(r"postgres://nightlight:.*@postgres:5432/nightlight", address)
    assert postgres["environment"]["POSTGRES_DB"] == "nightlight"
    assert {"--username=nightlight", "--dbname=nightlight"} <= set(postgres["healthcheck"]["test"])
    roles = (clone / "config/postgres/roles.sql").read_text()
    assert "\\set login nightlight\n" in roles
    assert "\\set prefix nightlight\n" in roles
    assert "/nologin nightlight\n" in (clone / "Dockerfile").read_text()
    assert "<security@nightlight.example>" in (clone / "SECURITY.md").read_text()
    assert (clone / "README.md").read_text().startswith("# Nightlight\n\nNightlight is built on [Tenantry](docs/")
    written: dict[str, str] = {}
    exec((clone / "config/brand.py").read_text(), written)  # noqa: S102  it is the file that was just written
    assert [written[key] for key in ("NAME", "SLUG", "DOMAIN")] == ["Nightlight", "nightlight", "nightlight.example"]
    assert written["SECURITY_EMAIL"] == "security@nightlight.example"


def test_only_lines_with_a_name_change(clone: Path) -> None:
    before = texts(clone)
    rename(NIGHTLIGHT, clone)
    for path, text in texts(clone).items():
        if path != "README.md":
            pairs = zip(before[path].splitlines(), text.splitlines(), strict=True)
            assert all("nightlight" in new.lower() for old, new in pairs if old != new), path
        else:
            assert text.endswith(before[path].partition("\n")[2])


def test_a_second_time_changes_nothing(clone: Path) -> None:
    rename(MOON, clone)
    assert set(rename(NIGHTLIGHT, clone)) == {*LINES, "README.md"}
    assert rename(NIGHTLIGHT, clone) == []


def test_another_name_leaves_nothing_of_the_one_before(clone: Path, tmp_path: Path) -> None:
    rename(MOON, clone)
    at_once = texts(clone)
    rename(NIGHTLIGHT, clone)
    rename(MOON, clone)
    assert texts(clone) == at_once


def test_upstreams_lines_come_back_for_a_merge(clone: Path) -> None:
    rename(TENANTRY, clone, readme=False)  # where this is the suite of a product
    upstreams = texts(clone)
    rename(NIGHTLIGHT, clone)
    products = texts(clone)
    rename(TENANTRY, clone, readme=False)
    assert {path for path, text in texts(clone).items() if text != upstreams[path]} == {"README.md"}
    rename(NIGHTLIGHT, clone, readme=False)
    assert texts(clone) == products


def test_a_readme_of_the_products_own_stays(clone: Path) -> None:
    (clone / "README.md").write_text("# Our nights\n\nAll about them.\n")
    assert "README.md" not in rename(NIGHTLIGHT, clone)


def test_where_a_line_is_missing_nothing_is_written(clone: Path) -> None:
    (clone / "Dockerfile").write_text("FROM scratch\n")
    before = texts(clone)
    with pytest.raises(BadName, match=r"Dockerfile has 0 matches of .* by hand"):
        rename(NIGHTLIGHT, clone)
    assert texts(clone) == before


@pytest.mark.parametrize(
    ("name", "slug", "domain", "said"),
    part_each_day(
        [
            ("", "nightlight", "nightlight.example", "NAME is ''"),
            ('Night" + evil', "nightlight", "nightlight.example", "letters, digits and spaces"),
            ("Night\nlight", "nightlight", "nightlight.example", "letters, digits and spaces"),
            ("Nightlight", "", "nightlight.example", "SLUG is ''"),
            ("Nightlight", "night-light", "nightlight.example", "lower case letters and digits"),
            ("Nightlight", "Nightlight", "nightlight.example", "lower case letters and digits"),
            ("Nightlight", "n" * 21, "nightlight.example", "2 to 20"),
            ("Nightlight", "postgres", "nightlight.example", "reserved in PostgreSQL"),
            ("Nightlight", "pgnight", "nightlight.example", "reserved in PostgreSQL"),
            ("Nightlight", "nightlight", "", "DOMAIN is ''"),
            ("Nightlight", "nightlight", "https://nightlight.example", "without https://"),
            ("Nightlight", "nightlight", "localhost", "DOMAIN is 'localhost'"),
            ("Nightlight", "nightlight", "-a.example", "DOMAIN is '-a.example'"),
        ]
    ),
)
def test_what_cannot_be_a_name_is_refused_in_a_sentence(
    clone: Path, name: str, slug: str, domain: str, said: str
) -> None:
    before = texts(clone)
    command = [sys.executable, "-m", "config.rename", "--", name, slug, domain]
    result = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert_sentence(result, said)
    assert texts(clone) == before


def test_make_passes_the_names_on(clone: Path) -> None:
    shutil.copy(BASE_DIR / "Makefile", clone)
    names = ("NAME=Night & Day's", "SLUG=night", "DOMAIN=night.example", f"PYTHON={sys.executable}")
    subprocess.run(["make", "rename", *names], cwd=clone, check=True, capture_output=True)  # noqa: S607
    assert 'NAME = "Night & Day\'s"\n' in (clone / "config/brand.py").read_text()


def test_the_first_name_is_only_where_upstream_is_meant(clone: Path) -> None:
    """In the whole product once it is renamed, also where it already is."""
    rename(NIGHTLIGHT, clone)
    named = []
    for path in tracked():
        file = clone / path if path in LINES else BASE_DIR / path
        if file.is_file() and FIRST_NAME.lower().encode() in file.read_bytes().lower():
            named.append(path)
    strangers = [path for path in named if not any(re.fullmatch(pattern, path) for pattern in UPSTREAM)]
    assert strangers == []
    for pattern in UPSTREAM:
        assert any(re.fullmatch(pattern, path) for path in named), f"{pattern} names it no more"


def test_data_of_the_product_under_another_name_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUNDLED_DATA", raising=False)
    monkeypatch.setattr(lease, "BASE_DIR", folder)
    data = folder / "var" / "postgres"
    data.mkdir(parents=True)
    assert lease.data_folder() == data, "Former releases did not say whose it is."
    (data / PRODUCT).write_text(brand.SLUG)
    assert lease.data_folder() == data
    monkeypatch.setattr(brand, "SLUG", "moon")
    assert lease.data_folder() == folder / "var" / "postgres-moon"


@pytest.mark.slow
def test_a_product_that_has_run_starts_anew_under_its_name(folder: Path, environment: dict[str, str]) -> None:
    """Its server was another one's: the new name's owner may not use the roles of the former name's."""
    for path in tracked():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BASE_DIR / path, folder / path)
    del environment["BUNDLED_DATA"]
    for command in (
        ["manage.py", "migrate"],
        ["-m", "config.rename", MOON.name, MOON.slug, MOON.domain],
        ["manage.py", "migrate"],
    ):
        done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    assert product_of(folder / "var/postgres") == brand.SLUG
    assert product_of(folder / "var/postgres-moon") == "moon"
