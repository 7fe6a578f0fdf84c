"""Mistakes in a capability raise an error at start, with a sentence that says what to do."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from shared.capabilities.base import Capability, Slot
from shared.capabilities.loading import load

Shop = Callable[..., str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Make an app with these lines in its Capability: `shop("stones", 'requires = ("tags",)')`."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(name: str, *lines: str, source: str = "") -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        body = "\n    ".join((f"name = {name!r}", *lines))
        default = f"from shared.capabilities.base import Capability\n\nclass Config(Capability):\n    {body}\n"
        (tmp_path / name / "apps.py").write_text(source or default)
        for module in (name, f"{name}.apps"):
            monkeypatch.delitem(sys.modules, module, raising=False)
        return name

    yield make
    for module in [
        each for each in sys.modules if each.partition(".")[0] in {path.name for path in tmp_path.iterdir()}
    ]:
        del sys.modules[module]


def refusal(*names: str) -> str:
    with pytest.raises(ImproperlyConfigured) as raised:
        load(names).settings(Env())
    return str(raised.value)


def test_what_an_app_adds_is_found_in_the_order_of_the_list(shop):
    names = [
        shop("tags", 'lives_in = "public"', 'libraries = ("taggit", "common")', 'middleware = ("tags.count",)'),
        shop("stones", 'requires = ("tags",)', 'libraries = ("common",)', 'middleware = ("stones.first",)'),
    ]
    installed = load(names)
    assert installed.apps() == names
    assert (installed.apps("tenant"), installed.apps("public")) == (["stones"], ["tags"])
    assert installed.libraries() == ["taggit", "common"]
    assert installed.all("middleware") == ["tags.count", "stones.first"]


def test_its_settings_are_read_from_the_environment(shop, monkeypatch):
    monkeypatch.setenv("STONES_KEY", "secret")
    shop("stones", "@classmethod", "def settings(cls, env): return {'STONES_KEY': env.str('STONES_KEY')}")
    assert load(["stones"]).settings(Env()) == {"STONES_KEY": "secret"}


def test_one_that_is_missing_is_named_with_what_to_do(shop):
    shop("stones", 'requires = ("tags", "people")')
    shop("people")
    assert refusal("stones", "people") == ("stones requires tags. Put it into CAPABILITIES, or take stones out too.")


def test_all_that_cannot_stay_are_named_at_once(shop):
    shop("clouds", 'requires = ("tags",)')
    shop("tags", 'requires = ("stones", "people")')
    shop("people")
    shop("lists", 'requires = ("stones",)')
    assert refusal("clouds", "tags", "people", "lists") == (
        "tags requires stones. Put it into CAPABILITIES, or take clouds, tags, lists out too."
    )


def test_two_that_require_each_other_are_named(shop):
    shop("stones", 'requires = ("tags",)')
    shop("tags", 'requires = ("stones",)')
    shop("people")
    shop("lists", 'requires = ("stones", "people")')
    assert refusal("stones", "people", "tags", "lists") == (
        "stones, tags require each other in a circle. Take one out of a `requires`."
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('requires = "tags"', "requires is a str. It has to be a tuple with a comma at its end, as in (one,)."),
        ('requires = (["tags"],)', "requires has ['tags'] in it. See docs/capabilities.md."),
        ('tenant_urls = ("stones.urls",)', "tenant_urls is a tuple. It has to be a str in quotes."),
        ('rights = ("write",)', "rights is a tuple. It has to be a dict of names, as in {name: one}."),
        ('slots = {"home": "stones/card.html"}', "slots has 'stones/card.html' in it. See docs/capabilities.md."),
        ('navigation = ("stones",)', "navigation has 'stones' in it. See docs/capabilities.md."),
        ('audit_kinds = {"note.made": 1}', "audit_kinds has 1 in it. See docs/capabilities.md."),
        ('lives_in = "publik"', "lives_in is 'publik'. It has to be one of: 'tenant', 'public'."),
    ],
)
def test_a_value_of_a_wrong_type(shop, line, words):
    assert refusal(shop("stones", line)) == f"stones.apps: {words}"


def test_one_that_is_listed_twice(shop):
    shop("stones")
    assert refusal("stones", "stones") == "CAPABILITIES lists stones twice."


@pytest.mark.parametrize("name", ["nothing", "nothing.at.all"])
def test_one_that_is_not_there(name):
    assert refusal(name) == f"CAPABILITIES lists {name!r}, but there is no {name}/apps.py."


def test_one_without_apps(shop, tmp_path):
    (tmp_path / shop("stones") / "apps.py").unlink()
    assert refusal("stones") == "CAPABILITIES lists 'stones', but there is no stones/apps.py."


def test_an_import_that_fails_within_it_is_not_taken_for_one_that_is_not_there(shop):
    shop("stones", source="import not_installed\n")
    with pytest.raises(ModuleNotFoundError, match="not_installed"):
        load(["stones"])


def test_nor_is_one_whose_name_begins_alike(shop):
    shop("stones_shared", source="import stones\n")
    with pytest.raises(ModuleNotFoundError, match="stones"):
        load(["stones_shared"])


def test_nor_is_one_of_its_own_modules(shop):
    shop("stones", source="import stones.apps.nothing\n")
    with pytest.raises(ModuleNotFoundError, match=r"stones\.apps\.nothing"):
        load(["stones"])


@pytest.mark.parametrize(
    "source",
    [
        "from django.apps import AppConfig\n\nclass Stones(AppConfig):\n    name = 'stones'\n",
        "from shared.capabilities.base import Capability\n\nclass Stones(Capability):\n    name = 'other'\n",
        "from shared.capabilities.base import Capability as C\n\nclass A(C):\n    name = 'stones'\n\nclass B(A): ...\n",
    ],
    ids=["another AppConfig", "another name", "two"],
)
def test_one_that_is_no_capability(shop, source):
    shop("stones", source=source)
    assert refusal("stones") == "stones/apps.py has to define one Capability, with the name 'stones'."


def test_two_that_set_one_setting(shop):
    for name in ("stones", "tags"):
        shop(name, "@classmethod", f"def settings(cls, env): return {{'LIMIT': {name!r}, {name.upper()!r}: 1}}")
    assert refusal("stones", "tags") == "tags sets LIMIT, which another capability sets too."


# --- Attributes -----------------------------------------------------------------------------------------------------


def defining(**attributes: object) -> str:
    with pytest.raises(ImproperlyConfigured) as raised:
        type("Stones", (Capability,), {"name": "stones", "__module__": "stones.apps", **attributes})
    return str(raised.value)


def test_an_attribute_that_there_is_not(shop):
    said = defining(navigaton=())
    assert said == (
        "stones.apps: a capability has no attribute 'navigaton'. Do you mean 'navigation'? See docs/capabilities.md."
    )


def test_one_that_is_near_to_none():
    assert defining(xyzzy=1) == "stones.apps: a capability has no attribute 'xyzzy'. See docs/capabilities.md."


def test_a_slot_that_no_template_has():
    said = defining(slots={"kitchen": (Slot(template="stones/card.html"),)})
    assert said.startswith("stones.apps: no template has a slot 'kitchen'. The slots are address, ")
