"""One spelling for each mailbox: every form accepts it, and means the same mailbox."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.models import Invitation, User
from shared.emails import CANONICAL, EmailField, canonical_email, counted_as, same_mailbox

LETTERS = "abzAZ09.-_+'ıİſKßςéÉüÜẞ\u0301\u0307\u200d\u00ad日本Жж\" \t\r\n@"
LABELS = st.text("abxnzAZ09-üÜßéıİſ日Ж\u0301\u200d。．", min_size=1, max_size=8)
DOMAINS = st.lists(LABELS, min_size=1, max_size=3).map(".".join)
TYPED = st.builds("{}@{}".format, st.text(LETTERS, min_size=1, max_size=8), DOMAINS)
GOOD = st.builds(
    "{}@{}.{}".format,
    st.text("abZ09_+", min_size=1, max_size=8),
    st.sampled_from(["exämple", "EXÄMPLE", "xn--exmple-cua", "münchen", "日本", "Example", "a-1"]),
    st.sampled_from(["de", "COM", "рф", "example"]),
)


# The adapter cleans the address of these two: tests/profiles/sign_in/test_one_mailbox.py.
BY_ALLAUTH = {"EmailAddressForm", "ResetPasswordForm"}


@cache
def fields() -> list[forms.Field]:
    """All fields for an address, of all forms of the installed apps but the libraries' own."""
    for site in ("config.tenant_urls", "config.public_urls"):
        assert get_resolver(site).url_patterns  # Imports all views, and so all forms.
    return [
        field
        for form in forms_below(forms.BaseForm)
        if form.__module__.partition(".")[0] in {"profiles", "tenants", "shared"} and form.__name__ not in BY_ALLAUTH
        for field in form.base_fields.values()
        if isinstance(field, forms.EmailField)
    ]


def forms_below(parent: Any) -> Iterator[Any]:
    for form in parent.__subclasses__():
        if hasattr(form, "base_fields"):
            yield form
        yield from forms_below(form)


@pytest.mark.parametrize("email", ["ann@x.example", "Ann+1@X.example", "ann+1+2@x.example", "ann+@x.example"])
def test_subaddresses_count_as_one_mailbox(email):
    assert counted_as(email) == "ann@x.example"


@pytest.mark.parametrize("odd", ["+@x.example", "+ann@x.example", "ann", "", "@"])
def test_odd_addresses_count_as_they_are(odd):
    assert counted_as(odd) == odd


def test_every_form_is_tried():
    assert len(fields()) >= 2  # Of the invitation and of its acceptance, whatever else is taken out.
    assert {type(field) for field in fields()} == {EmailField}


def spellings(address: str) -> list[str]:
    """How people, programs and mobile phones write the same address."""
    local, _, domain = address.rpartition("@")
    return [
        address.upper(),
        address.title(),
        f" {address}\t",
        unicodedata.normalize("NFD", address),
        f"{local}@{domain.encode().decode('idna')}"
        if domain.isascii()
        else f"{local}@{domain.encode('idna').decode()}",
    ]


@given(TYPED | GOOD)
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_every_form_takes_it_or_none_does(typed):
    try:
        address = canonical_email(typed)
    except ValidationError:
        address = ""
    for field in fields():
        if address:
            assert field.clean(typed) == address
        else:
            with pytest.raises(ValidationError):
                field.clean(typed)
    if address:
        assert canonical_email(address) == address == same_mailbox(typed)
        assert address.isascii()
        for model in (User, Invitation):
            assert model._meta.get_field("email").clean(typed, None) == address


@given(GOOD)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_every_spelling_is_the_same_mailbox(typed):
    address = canonical_email(typed)
    assert {canonical_email(each) for each in spellings(typed)} == {address}


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Info@EXÄMPLE.de", "info@xn--exmple-cua.de"),
        ("info@xn--exmple-cua.de", "info@xn--exmple-cua.de"),
        ("a@localhost", "a@localhost"),
        ("a@[127.0.0.1]", "a@[127.0.0.1]"),
    ],
)
def test_spelling(typed, address):
    assert canonical_email(typed) == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("İstanbul@x.example", "local"),
        ("ıstanbul@x.example", "local"),
        ("ſam@x.example", "local"),
        ('"a\x0bb"@x.example', "local"),
        ("info@straße.example", "deviation"),
        ("a@b@", "local"),
        ("a@.example", "invalid"),
        ("nobody", "invalid"),
        ("x" * 65 + "@x.example", "local"),
        ("a@" + ".".join(["x" * 62] * 4) + ".example", "long"),
    ],
)
def test_what_has_no_one_spelling_is_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        canonical_email(typed)
    assert refusal.value.code == code
    assert same_mailbox(typed) == typed.strip().lower()


def test_tables_know_what_is_canonical(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'info@xn--exmple-cua.de' ~ %s, 'ıx@x.example' ~ %s", [CANONICAL, CANONICAL])
        assert cursor.fetchone() == (True, False)
