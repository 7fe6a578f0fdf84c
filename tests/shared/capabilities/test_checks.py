"""`manage.py check` finds registered names that do not exist."""

from typing import get_args

import pytest

import shared
from shared.capabilities import checks
from shared.capabilities.base import Allowance, AuditField, Capability, Link, Mark, NoticeKind, Slot, Step
from shared.capabilities.registry import capabilities

NOTHING = "shared.nothing"
VALUES = {str: NOTHING, tuple[str, ...]: (NOTHING,), dict[str, str]: {"notes": NOTHING}}
OTHERWISE = {
    "requires": "refused by load()",
    "libraries": "imported at the start, as one of INSTALLED_APPS",
    **dict.fromkeys(("tenant_urls", "public_urls", "operator_urls", "development_urls"), "imported with the addresses"),
    "exports": "names fields; its words are refused when the class is made",
    "not_for_support": "patterns of names of addresses",
    "temporary_folders": "made when they are needed",
}
# What each attribute that names something is given here: a name of nothing.
NAMING = {
    name: VALUES[get_args(kind)[0]]
    for name, kind in Capability.__annotations__.items()
    if get_args(kind)[0] in VALUES and name not in OTHERWISE
}


def problems(**attributes: object) -> list[str]:
    """What the check says of an app with these attributes."""
    made = type("Notes", (Capability,), {"name": "notes", "__module__": "notes.apps", **attributes})
    return list(checks.problems(made("notes", shared)))


def test_installed_apps_have_none():
    assert checks.check_capabilities(app_configs=None) == []
    assert len(list(capabilities())) >= 3


def test_an_error_names_the_app(monkeypatch):
    app = next(capabilities())
    monkeypatch.setattr(type(app), "demo", "nothing.at_all")
    [error] = checks.check_capabilities(app_configs=[app])
    assert error.msg == f"{app.name} registers 'nothing.at_all', and there is no such function."
    assert error.hint == "See docs/capabilities.md."


@pytest.mark.parametrize(
    "attributes",
    [
        {"rights": {"write_notes": "shared.nothing"}},
        {"demo": "shared.nothing"},
        {"before_run": "shared.nothing"},
        {"announce": "shared.nothing"},
        {"before_production": "shared.nothing"},
        {"slots": {"home": (Slot(template="404.html", context="shared.nothing"),)}},
        {"first_steps": (Step(label="Write", url_name="home", done="shared.nothing"),)},
        {"audit_fields": {"note.shared": AuditField(label="Shared", say="shared.nothing")}},
        {"member_marks": (Mark(name="writers", label="Writers", of="shared.nothing"),)},
        {"allowances": {"notes": Allowance(label="Notes", used="shared.nothing")}},
    ],
    ids=lambda attributes: next(iter(attributes)),
)
def test_a_function_that_is_not_there(attributes):
    assert problems(**attributes) == ["'shared.nothing', and there is no such function."]


@pytest.mark.parametrize("attribute", sorted(NAMING))
def test_every_attribute_that_names_something_is_checked(attribute):
    """A typing error stops the start, not the first person who needs what it names."""
    assert any(NOTHING in problem for problem in problems(**{attribute: NAMING[attribute]}))


def test_every_exception_is_an_attribute():
    assert Capability.__annotations__.keys() >= OTHERWISE.keys()


@pytest.mark.parametrize("attribute", ["middleware", "authentication_backends", "profile_forms"])
def test_a_class_that_is_not_there(attribute):
    assert problems(**{attribute: ("shared.nothing",)}) == ["'shared.nothing', and there is no such class."]


def test_what_is_there_but_cannot_be_called():
    assert problems(demo="shared.capabilities.base.MODULES") == [
        "'shared.capabilities.base.MODULES', and there is no such function."
    ]


def test_a_template_that_is_not_there():
    slots = {"home": (Slot(template="notes/nothing.html"),)}
    assert problems(slots=slots) == ["the template 'notes/nothing.html', which is not there."]


@pytest.mark.parametrize("area", ["navigation", "account_pages", "settings_pages", "public_navigation"])
def test_a_link_to_an_address_that_is_not_there(area):
    [problem] = problems(**{area: (Link(url_name="nothing", label="Notes"),)})
    assert problem == "a link to 'nothing', and no address has that name."


def test_a_link_on_the_wrong_site():
    assert problems(public_navigation=(Link(url_name="home", label="Home"),)) != []
    assert problems(navigation=(Link(url_name="landing", label="Start"),)) != []
    assert problems(public_navigation=(Link(url_name="landing", label="Start"),)) == []


def test_a_link_that_needs_a_right_that_no_app_has():
    assert problems(navigation=(Link(url_name="home", label="Home", may="fly"),)) == [
        "a link for those who may 'fly', and no app has such a right."
    ]


@pytest.mark.parametrize("kind", ["css", "js"])
def test_a_static_file_that_is_not_there(kind):
    assert problems(**{kind: ("shared/css/base.css",)}) == []
    assert problems(**{kind: ("notes/nothing",)}) == ["the static file 'notes/nothing', which is not there."]


def test_a_right_that_another_app_has_registered():
    """One of the two would be asked instead of the other, without an error."""
    assert problems(rights={"manage_members": "profiles.roles.manages_members"}) == [
        "the right 'manage_members', which profiles registers too. Give it another name."
    ]


def test_notices_lead_somewhere_and_are_for_those_with_a_right_that_there_is():
    kinds = {"note.shared": NoticeKind(sentence="Shared", url_name="nothing", may="fly")}
    assert problems(notice_kinds=kinds) == [
        "notices 'note.shared' that lead to 'nothing', and no address has that name.",
        "notices 'note.shared' for those who may 'fly', and no app has such a right.",
    ]
