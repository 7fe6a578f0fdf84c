"""What is read from pasted addresses and from files."""

import sys
from collections import Counter
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError

from profiles.bulk_invitations.lines import LONGEST, MOST, Line, decode, read
from profiles.bulk_invitations.outcomes import is_address
from tests.daily import part_each_day


def people(text):
    return [(line.name, line.email, line.role) for line in read(text, role="reader")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@x.example, ben@x.example", [("", "ann@x.example"), ("", "ben@x.example")]),
        ("ann@x.example\n\nBen@X.example;", [("", "ann@x.example"), ("", "ben@x.example")]),
        ("ann@x.example ben@x.example", [("", "ann@x.example"), ("", "ben@x.example")]),
        ("Ann Lee <ann@x.example>, ben@x.example", [("Ann Lee", "ann@x.example"), ("", "ben@x.example")]),
        ('"Cole, Cy" <cy@x.example>; Dee <d@x.example>', [("Cole, Cy", "cy@x.example"), ("Dee", "d@x.example")]),
        ("Cole, Cy <cy@x.example>", [("Cole Cy", "cy@x.example")]),
        ("ann@x.example\nno address", [("", "ann@x.example"), ("", "no address")]),
        ("www.evil.example <ann@x.example>", [("", "ann@x.example")]),
        ("\0ann@x.example", [("", "ann@x.example")]),
        ("ann@x.example\rben@x.example", [("", "ann@x.example"), ("", "ben@x.example")]),
    ],
)
def test_pasted_addresses(text, expected):
    assert people(text) == [(name, email, "reader") for name, email in expected]


@pytest.mark.parametrize(
    "text",
    [
        "email,role,name\nann@x.example,editor,Ann Lee\nben@x.example,,\n",
        "Name;E-Mail;Rolle\r\nAnn Lee;ANN@x.example;Editor\r\n;;\r\n;ben@x.example;\r\n",
        "role\tname\temail address\neditor\tAnn Lee\tann@x.example\n\t\tben@x.example",
        "email,role,name\rann@x.example,editor,Ann Lee\rben@x.example,,\r",
        'phone,email,name,role\n"1,2",ann@x.example,"Ann\nLee",EDITOR\n,ben@x.example',
    ],
)
def test_tables_of_spreadsheets(text):
    assert people(text) == [("Ann Lee", "ann@x.example", "editor"), ("", "ben@x.example", "reader")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_in_the_encodings_of_spreadsheets(encoding):
    text = decode("email;name\nanna@x.example;Änne Löwe\n".encode(encoding))
    assert people(text) == [("Änne Löwe", "anna@x.example", "reader")]


def test_an_unknown_role_is_kept_as_it_was_typed_and_an_unknown_column_is_ignored():
    [line] = read("email,role,shoes\nann@x.example,Chief,44", role="reader")
    assert (line.role, line.added) == ("Chief", {})


def test_as_many_as_may_be_and_one_more():
    text = "\n".join(f"n{number}@x.example" for number in range(MOST))
    assert len(people(text)) == MOST
    with pytest.raises(ValidationError) as error:
        people(f"{text}\none-more@x.example")
    assert error.value.messages == ["This list has more than 1000 addresses. Split it into several."]


@pytest.mark.parametrize("head", part_each_day(["", "email\n"]))
def test_a_list_that_is_far_too_long_costs_little_more_than_one_that_is_too_long(head):
    assert steps(head + "a@x.example\n" * 80_000) < 2 * steps(head + "a@x.example\n" * (MOST + 1))


def steps(text: str) -> int:
    """How many functions are called until it is refused: more with each line that is read. Seconds would depend on
    what else this process does.
    """
    called: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda _frame, event, _value: called.update([event]))
    try:
        with pytest.raises(ValidationError):
            people(text)
    finally:
        sys.setprofile(before)
    return called["call"] + called["c_call"]


@pytest.mark.parametrize("text", ["", " \n ", "email,role\n", ",;,"])
def test_a_list_without_people_is_refused(text):
    with pytest.raises(ValidationError) as error:
        people(text)
    assert error.value.code == "empty"


HOSTILE = ["x" * 200_000, 'email\n"' + "x" * 200_000, "<" * 50_000, '"' * 50_000, "," * 100_000 + "@", "a@" * 20_000]


@pytest.mark.parametrize("text", [*HOSTILE, '"' * 20_001 + "@", ",@" * 900, '",' * 50_000])
def test_hostile_text_is_read_or_refused_quickly(text):
    with suppress(ValidationError):
        assert len(people(text)) <= MOST


def test_an_address_that_is_too_long_does_not_become_another_one():
    """Soft hyphens do not count in a domain, so the part that fits is an address, and not the one that is meant."""
    fits = "ann@" + "\u00ad" * (LONGEST["email"] - len("ann@good.example")) + "good.example"
    [line] = read(f"{fits}.elsewhere.example", role="reader")
    assert not is_address(line.email)
    assert line.email.endswith("…")
    assert len(line.email) == LONGEST["email"]


def test_other_values_that_are_too_long_are_marked_too():
    line = Line("ann@x.example", "editor", "A" * 151, {"groups": "Sales; " * 100})
    assert (line.name[-2:], len(line.name)) == ("A…", 150)
    assert (line.added["groups"][-1], len(line.added["groups"])) == ("…", 300)
    assert Line("ann@x.example", "editor", "A" * 150).name == "A" * 150
