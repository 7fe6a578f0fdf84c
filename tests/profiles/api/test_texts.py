"""The text of a token."""

import pytest

from profiles.api import texts


def test_a_token_is_read_as_it_was_made():
    text = texts.make(1234)
    assert text.startswith("tnt_")
    assert len(text) == 48
    assert texts.read(text) == texts.Text(1234, texts.digest(text))


def test_no_two_are_alike():
    assert len({texts.make(7) for _ in range(100)}) == 100


@pytest.mark.parametrize("number", [0, 61, 62, texts.MOST_IDS - 1])
def test_each_number_has_a_beginning_of_its_own(number):
    assert texts.number_of(texts.base62(number, texts.ID_LENGTH)) == number


def test_checksum_is_what_scanners_work_out():
    """CRC-32 in base 62, as others have it: a known value, so that it never changes."""
    assert texts.checksum("tnt_0000000000000000000000000000000000000") == "1obiZO"


@pytest.mark.parametrize("position", [0, 4, 20, -1])
def test_a_slip_of_the_pen_is_found_without_the_database(position):
    text = list(texts.make(1234))
    text[position] = "a" if text[position] != "a" else "b"
    assert texts.read("".join(text)) is None


@pytest.mark.parametrize("text", ["", "tnt_", "tnt_" + "é" * 44, "x" * 100_000, "tnt_" + "0" * 44, "\0"])
def test_what_is_no_token_is_none(text):
    assert texts.read(text) is None
