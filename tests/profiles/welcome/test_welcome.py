"""Editing the welcome text."""

import pytest

from profiles.models import User
from profiles.welcome.models import Welcome
from tenants.context import within
from tests.profiles.races import at_once


@pytest.fixture
def text(acme):
    """acme's welcome text as it is stored."""

    def load() -> str:
        with within(acme):
            return Welcome.load().text

    return load


@pytest.mark.parametrize("role", ["owner", "admin", "editor"])
def test_those_who_write_may_edit(as_user, request, text, role):
    response = as_user(request.getfixturevalue(role)).post("/welcome/edit/", {"text": "Hello!"})
    assert (response.status_code, response.url) == (302, "/")
    assert text() == "Hello!"


@pytest.mark.parametrize("method", ["get", "post"])
def test_reader_cannot_edit(as_user, reader, text, method):
    response = getattr(as_user(reader), method)("/welcome/edit/", {"text": "Hello!"})
    assert response.status_code == 403
    assert text() == ""


def test_visitor_is_sent_to_sign_in(visitor, text):
    assert visitor.post("/welcome/edit/", {"text": "Hello!"}).status_code == 302
    assert text() == ""


def test_text_of_the_organisation_next_door_stays(as_user, editor, globex):
    with within(globex):
        Welcome.objects.create(pk=1, text="Globex only")
    browser = as_user(editor)
    assert "Globex only" not in browser.get("/welcome/edit/").content.decode()
    browser.post("/welcome/edit/", {"text": "Hello!"})
    with within(globex):
        assert Welcome.load().text == "Globex only"


def test_page_says_who_wrote_last(as_user, editor, owner):
    as_user(editor).post("/welcome/edit/", {"text": "Hello!"})
    assert "Last changed by Edda Editor" in as_user(owner).get("/welcome/edit/").content.decode()


def test_second_text_takes_the_place_of_the_first(as_user, editor, owner, text):
    as_user(editor).post("/welcome/edit/", {"text": "First"})
    as_user(owner).post("/welcome/edit/", {"text": "Second"})
    assert text() == "Second"


def test_text_can_be_emptied(as_user, editor, text):
    browser = as_user(editor)
    browser.post("/welcome/edit/", {"text": "Hello!"})
    browser.post("/welcome/edit/", {"text": ""})
    assert text() == ""


@pytest.mark.parametrize("typed", ["x" * 10_001, "nul \0 byte"])
def test_text_that_does_not_fit_is_refused_and_kept_in_the_form(as_user, editor, text, typed):
    response = as_user(editor).post("/welcome/edit/", {"text": typed})
    assert response.status_code == 200
    assert response.context["form"].errors["text"]
    assert response.context["form"]["text"].value() == typed
    assert text() == ""


def test_megabyte_of_text_is_refused(as_user, editor, text):
    assert as_user(editor).post("/welcome/edit/", {"text": "x" * 1_100_000}).status_code == 413
    assert text() == ""


def test_two_who_write_the_first_text_at_once_both_succeed(new_tenant):
    from profiles.welcome.forms import WelcomeForm

    tenant = new_tenant("writers")

    def write() -> None:
        form = WelcomeForm({"text": "Hello!"}, instance=Welcome.load())
        assert form.is_valid()
        form.save_by(User.objects.get())

    assert at_once(tenant, *[write] * 4) == [None] * 4
    with within(tenant):
        assert Welcome.objects.get().text == "Hello!"


def seen_by(browser):
    return browser.get("/welcome/edit/").context["welcome"].version


def test_second_of_two_tabs_says_that_the_text_has_changed_and_keeps_both(as_user, editor, owner, text):
    as_user(owner).post("/welcome/edit/", {"text": "Before"})
    here, there = as_user(editor), as_user(owner)
    seen = seen_by(here)
    there.post("/welcome/edit/", {"text": "Theirs", "seen": seen_by(there)})
    page = here.post("/welcome/edit/", {"text": "Mine", "seen": seen})
    assert page.status_code == 200
    assert all(words in page.content.decode() for words in ("has changed since", "Theirs", "Mine"))
    assert text() == "Theirs"
    here.post("/welcome/edit/", {"text": "Mine", "seen": page.context["welcome"].version})
    assert text() == "Mine"


def test_second_click_on_save_is_no_change_of_others(as_user, editor):
    browser = as_user(editor)
    form = {"text": "Hello!", "seen": seen_by(browser)}
    assert [browser.post("/welcome/edit/", form).status_code for _ in range(2)] == [302, 302]
