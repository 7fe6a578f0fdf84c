"""Django, its validators and allauth speak in forms with the product's voice, in each language (config/wording/)."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import allauth
import django
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from profiles.models import User
from shared import catalogues

LIBRARIES = [Path(str(each.__file__)).parent for each in (django, allauth)]
# Files of Django whose sentences are errors in forms.
SAY_ERRORS = re.compile(
    r"(^|\s)(core/validators|forms/fields|forms/models|contrib/auth/password_validation|db/models/constraints)\.py"
)
# Sentences of Django's that have the voice of docs/voice.md as they are.
KEPT = {
    "This field is required.",
    "Enter a whole number.",
    "Enter a valid integer.",
    "Enter a number.",
    "Enter only digits separated by commas.",
    "Enter a valid date.",
    "Enter a valid time.",
    "Enter a valid date/time.",
    "Enter a valid duration.",
    "The number of days must be between {min_days} and {max_days}.",
    "Enter a list of values.",
    "Enter a valid JSON.",
    "Enter a valid UUID.",
    "Enter a valid domain name.",
    "Enter a valid %(protocol)s address.",
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
    "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
}
# Parts of sentences, sentences about several forms in one, and help that shared/passwords.py replaces.
NOT_SHOWN = {
    *("and", "IPv4", "IPv6", "IPv4 or IPv6"),
    "Please correct the duplicate data for %(field)s.",
    "Please correct the duplicate data for %(field)s, which must be unique.",
    "Please correct the duplicate data for %(field_name)s which must be unique for the %(lookup)s in %(date_field)s.",
    "Please correct the duplicate values below.",
    "The inline value did not match the parent instance.",
    "Your password must contain at least %(min_length)d character.",
    "Your password can’t be too similar to your other personal information.",
    "Your password can’t be a commonly used password.",
    "Your password can’t be entirely numeric.",
}


def messages_of(po: Path) -> dict[str | tuple[str, int], str]:
    with po.with_suffix(".mo").open("rb") as file:
        return GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # has no public API for all sentences


def sentences_of(po: Path) -> set[str]:
    return {key[0] if isinstance(key, tuple) else key for key in messages_of(po)} - {""}


def of_library(library: Path) -> Iterator[tuple[str, str]]:
    """Each sentence of a library, as in its source, with the files that say it."""
    for po in library.rglob("locale/en/LC_MESSAGES/django.po"):
        for entry in po.read_text().replace('"\n"', "").split("\n\n"):
            if found := re.search(r'^msgid "(.+)"', entry, re.MULTILINE):
                yield found[1].replace('\\"', '"'), " ".join(re.findall("^#: (.*)", entry, re.MULTILINE))


def said(field: forms.Field, value: object) -> str:
    with pytest.raises(ValidationError) as error:
        field.clean(value)
    return " ".join(error.value.messages)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-gb", "Use at most 3 characters. This has 5."),
        ("en-us", "Use at most 3 characters. This has 5."),
        ("de", "Verwenden Sie höchstens 3 Zeichen. Das sind 5."),
        ("ar", "استخدم 3 أحرف على الأكثر. عدد الأحرف الآن 5."),
    ],
)
def test_text_that_is_too_long(language, words):
    with translation.override(language):
        assert said(forms.CharField(max_length=3), "12345") == words


@pytest.mark.parametrize(("most", "words"), [(1, "حرفًا واحدًا"), (2, "حرفين"), (5, "5 أحرف"), (11, "11 حرفًا")])
def test_arabic_counts_characters_in_its_own_way(most, words):
    with translation.override("ar"):
        assert f"استخدم {words} على الأكثر." in said(forms.CharField(max_length=most), "x" * 50)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.EmailField(), "nora", "Enter a valid email address, such as name@example.com."),
        (forms.URLField(assume_scheme="https"), "nora", "Enter a web address, such as https://example.com."),
        (forms.IntegerField(max_value=9), "10", "Enter 9 or less."),
        (forms.IntegerField(min_value=9), "8", "Enter 9 or more."),
        (forms.DecimalField(max_digits=2), "1.23", "Use at most 2 digits in total."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose an option from the list. “b” is not one of them."),
        (forms.CharField(), "a\0", "This text has a character that cannot be saved. Please type it again."),
        (forms.FileField(), SimpleUploadedFile("a.txt", b""), "This file is empty. Choose another one."),
    ],
)
def test_values_that_a_field_refuses(field, value, words):
    assert said(field, value) == words


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("7391846205", "This password has only digits. Add other characters."),
        ("password123", "Many people use this password. Choose one that is harder to guess."),
        ("short-one", "This password is too short. Use at least 10 characters."),
        ("rita@acme.example", "This password is too similar to your email address. Choose another one."),
    ],
)
def test_passwords_that_are_refused(password, words):
    with pytest.raises(ValidationError) as error:
        validate_password(password, User(username="editor", email="rita@acme.example"))
    assert error.value.messages == [words]


def test_every_sentence_of_a_field_or_validator_was_read():
    """A release of Django that says something new fails here: put it into config/wording/, KEPT or NOT_SHOWN."""
    english = sentences_of(settings.BASE_DIR / "config" / "wording" / "en" / "LC_MESSAGES" / "django.po")
    found = {sentence for sentence, files in of_library(LIBRARIES[0]) if SAY_ERRORS.search(files)}
    assert len(found) > 40
    assert found - english == KEPT | NOT_SHOWN


def test_each_language_has_the_same_sentences():
    english, *others = (sentences_of(po) for po in catalogues.wording())
    assert len(english) > 30
    assert len(others) == len({code.partition("-")[0] for code, _name in settings.LANGUAGES}) - 1
    assert all(each == english for each in others)


def test_each_sentence_is_one_that_a_library_says():
    """Otherwise it replaces nothing: the library has changed its sentence."""
    known = {sentence for library in LIBRARIES for sentence, _files in of_library(library)}
    for po in catalogues.wording():
        assert sentences_of(po) - known == set()
