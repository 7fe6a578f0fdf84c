"""An organisation's home."""

import pytest
from allauth.account.models import EmailAddress

from profiles.models import User, Welcome
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


def test_visitor_is_sent_to_sign_in(visitor):
    response = visitor.get("/")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_page_shows_the_organisations_name(home, reader):
    assert "<h1>Acme</h1>" in home(reader)


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


def test_newest_six_are_shown(acme, home, reader):
    with within(acme):
        for number in range(6):
            User.objects.create_user(f"new-{number}", first_name="Nell", last_name=f"Number{number}")
    html = home(reader)
    assert all(f"Number{number}" in html for number in range(6))
    assert "Olga Owner" not in html


def test_each_has_a_picture(home, reader):
    assert "/people/owner/initials.svg" in home(reader)


def test_those_who_are_gone_are_not_shown(home, owner, gone):
    assert gone.name not in home(owner)


def test_people_of_the_organisation_next_door_are_not_shown(home, owner, globex):
    with within(globex):
        User.objects.create_user("spy", first_name="Sally", last_name="Spy")
    assert "Sally Spy" not in home(owner)


def test_owner_alone_is_offered_to_invite(acme, home, owner):
    with within(acme):
        User.objects.exclude(pk=owner.pk).update(is_active=False)
    html = home(owner)
    assert "You are the first one here" in html
    assert 'href="/members/invitations/"' in html


def test_owner_in_company_is_not(home, owner):
    assert "You are the first one here" not in home(owner)


def test_reader_alone_is_not(acme, home, reader):
    with within(acme):
        User.objects.exclude(pk=reader.pk).update(is_active=False)
    assert "You are the first one here" not in home(reader)


def test_member_whose_address_is_not_verified_is_reminded(home, owner):
    html = home(owner)
    assert "Please confirm that owner@acme.example is yours" in html
    assert 'href="/account/email/"' in html


def test_member_whose_address_is_verified_is_not(acme, home, owner):
    with within(acme):
        EmailAddress.objects.filter(user=owner).update(verified=True, email="Owner@acme.example")
    assert "Please confirm" not in home(owner)


def test_member_without_an_address_is_not(acme, home, reader):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(email="")
    assert "Please confirm" not in home(reader)


@pytest.mark.parametrize("people", [1, 3])
def test_queries(acme, as_user, reader, people, django_assert_num_queries):
    with within(acme):
        others = User.objects.exclude(pk=reader.pk).order_by("pk").values_list("pk", flat=True)
        User.objects.filter(pk__in=list(others)[people - 1 :]).update(is_active=False)
    browser = as_user(reader)
    browser.get("/")
    with django_assert_num_queries(5):  # session, viewer, newest, welcome, e-mail address
        browser.get("/")
