"""One spelling for each mailbox: every form accepts it, and means the same mailbox."""

import unicodedata

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.module_loading import import_string
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.invitations.forms import AcceptForm, InvitationForm
from profiles.models import Invitation, User
from shared.emails import CANONICAL, canonical_email, same_mailbox

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


def fields() -> list[forms.Field]:
    """Of every form that has an address, as far as its capability is installed."""
    found: list[type[forms.BaseForm]] = [InvitationForm, AcceptForm]
    if apps.is_installed("tenants.registration"):
        found.append(import_string("tenants.registration.forms.SignUpForm"))
    if apps.is_installed("profiles.admin"):
        found.append(import_string("profiles.admin.users.NewMemberForm"))
    return [form.base_fields["email"] for form in found]  # type: ignore[attr-defined]


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
