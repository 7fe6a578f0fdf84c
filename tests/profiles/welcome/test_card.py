"""The welcome text on the home page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.welcome.models import Welcome
from tenants.context import within


@pytest.fixture
def home(as_user):
    """The home page as this person sees it."""
    return lambda user: as_user(user).get("/").content.decode()


@pytest.fixture
def welcome(acme):
    """Write acme's welcome text."""

    def write(text: str) -> None:
        with within(acme):
            Welcome.objects.create(pk=1, text=text)

    return write


def test_welcome_text_has_paragraphs_and_links(home, reader, welcome):
    welcome("Hello.\n\nSee https://example.com/log for more.")
    html = home(reader)
    assert "<p>Hello.</p>" in html
    assert '<a href="https://example.com/log"' in html


def test_welcome_text_is_plain_text(home, reader, welcome):
    welcome('<script>alert(1)</script> javascript:alert(1) <a onclick="x">y</a>')
    html = home(reader)
    assert "<script>alert" not in html
    assert "<a onclick" not in html
    assert 'href="javascript' not in html


def test_welcome_text_of_the_organisation_next_door_is_not_shown(home, reader, globex):
    with within(globex):
        Welcome.objects.create(pk=1, text="Globex only")
    assert "Globex only" not in home(reader)


def test_editor_may_edit_the_welcome_text(home, editor):
    assert 'href="/welcome/edit/"' in home(editor)


def test_reader_is_not_offered_to(home, reader):
    assert "/welcome/edit/" not in home(reader)


@pytest.mark.parametrize(("days", "is_news"), [(1, True), (15, False)])
def test_others_are_told_for_two_weeks_that_it_changed(acme, home, owner, reader, days, is_news):
    with within(acme):
        Welcome.objects.create(pk=1, text="Hello.", updated_by=owner)
        Welcome.objects.update(updated=timezone.now() - timedelta(days=days))
    assert ("changed the welcome text" in home(reader)) is is_news
    assert ("What is new" in home(reader)) is is_news
    assert "changed the welcome text" not in home(owner)
