"""The language of longer words: what is made of a sentence, and that gettext reads it."""

import io
from gettext import GNUTranslations
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from profiles.models import User
from shared import pseudo
from shared.lists import all_of, any_of


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Sign in to %(organisation)s", ["%(organisation)s"]),
        ("{megabytes} MB, 100%%", ["{megabytes}", "%%"]),
        ('<a href="{{ home }}">Home</a> &amp; more', ['<a href="{{ home }}">', "</a>", "&amp;"]),
        ("Save", []),
    ],
)
def test_a_sentence_is_longer_and_keeps_what_is_no_word(sentence, kept):
    made = pseudo.pseudo(sentence)
    assert made[0] + made[-1] == "[]"
    assert len(made) >= len(sentence) + 4
    assert all(part in made for part in kept)


def test_gettext_finds_each_sentence_and_both_forms_of_a_plural():
    catalogue = GNUTranslations(io.BytesIO(pseudo.compiled(pseudo.sentences())))
    assert catalogue.gettext("Sign in").startswith("[Sîgñ îñ")
    one, many = (catalogue.ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", n) for n in (1, 2))
    assert ("mîñûté." in one, "mîñûtéš." in many) == (True, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en-gb", "a, b or c / a and b / a"), ("de", "a, b oder c / a und b / a"), ("ar", "a، b أو c / a وb / a")],
)
def test_lists_are_as_the_language_writes_them(language, words):
    with translation.override(language):
        assert " / ".join([any_of(["a", "b", "c"]), all_of(["a", "b"]), all_of(["a"])]) == words
    assert any_of([]) == ""


def test_names_are_in_the_order_of_the_language(monkeypatch):
    """A catalogue turns them, as one of a language does that says the family name first."""
    member = User(first_name="Béla", last_name="Bartók")
    assert member.name == "Béla Bartók"
    with translation.override("de"):
        catalogue: Any = trans_real.catalog()
        monkeypatch.setitem(catalogue._catalog._catalogs[0], "%(given)s %(family)s", "%(family)s %(given)s")
        assert member.name == "Bartók Béla"
