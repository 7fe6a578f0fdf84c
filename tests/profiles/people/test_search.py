"""Search in the list of people: by name, location and, for those who may see it, email address."""

import pytest

from profiles.models import Profile, User
from tenants.context import within
from tests.profiles.people.lists import found, listed


@pytest.mark.parametrize("words", ["edda", "EDDA", "edda editor", "editor edda", " edit ", "edi edd", "e e"])
def test_search_finds_whose_names_begin_so(as_user, reader, words):
    assert found(as_user(reader), words) == ["editor"]


@pytest.mark.parametrize("words", ["dda", "edda itor", "eddaeditor"])
def test_search_does_not_match_the_middle_of_a_name(as_user, reader, words):
    assert found(as_user(reader), words) == []


@pytest.mark.parametrize("words", ["o'brien", "schmidt-meier", "schmidt, mary", "meier", "brien", "mary_ann", "ann"])
def test_search_parts_names_at_their_punctuation(as_user, reader, acme, words):
    with within(acme):
        User.objects.create_user("mary_ann", first_name="Mary", last_name="O'Brien Schmidt-Meier")
    assert found(as_user(reader), words) == ["mary_ann"]


def test_search_knows_a_new_name_at_once(as_user, reader, acme):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(last_name="Newman")
    assert found(as_user(reader), "newman") == ["reader"]
    assert found(as_user(reader), "rita reader newman") == ["reader"], "The username counts as well."


def test_longest_names_of_the_widest_letters_are_kept(as_user, reader, acme):
    """NFKD makes 18 letters of this one, and an index refuses entries that are too long."""
    with within(acme):
        User.objects.create_user("wide", first_name="\ufdfa" * 150, last_name="\u3300" * 150)
    assert found(as_user(reader), "wide") == []
    assert "wide" in listed(as_user(reader).get("/people/"))


def test_search_finds_names_without_their_accents(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("jose", first_name="José", last_name="Núñez")
    client = as_user(reader)
    assert found(client, "nunez jose") == found(client, "JOSÉ NÚÑEZ") == ["jose"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; --", "edda zz", "edda | rita", "\0%"])
def test_search_takes_no_word_for_a_pattern(as_user, reader, words):
    assert found(as_user(reader), words) == []


@pytest.mark.parametrize("words", ["edda:*", "!edda", "'edda'", "edda & (editor)", "edda\0", "<-> edda"])
def test_search_takes_no_sign_for_an_operator(as_user, reader, words):
    assert found(as_user(reader), words) == ["editor"]


@pytest.mark.parametrize("words", ["", " ", "\0"])
def test_search_for_nothing_finds_everyone(as_user, reader, words):
    assert found(as_user(reader), words) == ["admin", "editor", "owner", "reader"]


def test_search_by_email_is_for_those_who_may_see_it(as_user, reader, editor):
    assert found(as_user(reader), "acme.example") == []
    assert found(as_user(reader), "owner@acme.example") == []
    assert found(as_user(editor), "owner@acme.example") == ["owner"]
    assert "Search by name, location or email" in as_user(editor).get("/people/").content.decode()
    assert "Search by name, location or email" not in as_user(reader).get("/people/").content.decode()


def test_very_long_search_is_answered(as_user, reader):
    assert as_user(reader).get("/people/", {"q": "a " * 50_000}).status_code == 200


@pytest.mark.parametrize("words", ["obrien", "OBRIEN", "o'brien", "o’brien", "oʼbr", "brien", "brien o", "sean obrien"])
def test_search_needs_no_apostrophe(as_user, reader, acme, words):
    with within(acme):
        User.objects.create_user("sean", first_name="Seán", last_name="O’Brien")
        User.objects.create_user("other", first_name="Oscar", last_name="Brown")
    assert found(as_user(reader), words) == ["sean"]


def test_search_with_an_apostrophe_finds_who_is_written_without(as_user, reader, acme):
    with within(acme):
        User.objects.create_user("obrien")
    assert found(as_user(reader), "O'Brien") == ["obrien"]


@pytest.mark.parametrize(
    "words", ["lukasz sorensen", "Łukasz Sørensen", "ŁUKASZ SØRENSEN", "strasse", "straße", "aegir"]
)
def test_search_takes_letters_as_every_keyboard_has_them(as_user, reader, acme, words):
    with within(acme):
        User.objects.create_user("lukasz", first_name="Łukasz Ægir", last_name="Sørensen Straße")
    assert found(as_user(reader), words) == ["lukasz"]


@pytest.mark.parametrize("words", ["sao paulo", "SÃO", "sao edda"])
def test_search_finds_by_location(as_user, reader, editor, acme, words):
    with within(acme):
        editor.profile.location = "São Paulo"
        editor.profile.save()
    assert found(as_user(reader), words) == ["editor"]


def test_search_follows_the_location(as_user, reader, editor, acme):
    with within(acme):
        stale = User.objects.get(pk=editor.pk)
        Profile.objects.filter(user=editor).update(location="Lisbon")
        stale.save()  # Django writes every column as it was read.
        assert found(as_user(reader), "lisbon") == ["editor"]
        Profile.objects.filter(user=editor).update(location="Porto")
        assert found(as_user(reader), "lisbon") == []
        Profile.objects.filter(user=editor).update(location="")
        assert found(as_user(reader), "porto") == []
