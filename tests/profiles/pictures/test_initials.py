"""Drawn initials: which letters, which colour, and that the picture is safe to serve."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.initials import PALETTE, colour, initials, svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(name: str, size: int = 256) -> ET.Element:
    return ET.fromstring(svg(name, size).encode())  # noqa: S314  our own text, without a DTD


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("ada lovelace", "AL"),
        ("Ada", "A"),
        ("Augusta Ada King", "AK"),
        ("Ludwig van Beethoven", "LB"),
        ("  Ada\t Lovelace\n", "AL"),
        ("O'Neil (Bob)", "OB"),
        ("Jean-Paul", "J"),
        ("4chan 2go", "42"),
        ("Élodie Ångström", "ÉÅ"),
        ("E\u0301lodie", "É"),
        ("ßeta", "Ss"),
        ("ﬁona", "F"),
        ("李小龙", "李"),
        ("김철수", "김"),
        ("שרה לוי", "של"),
        ("محمد علي", "م\u200cع"),
        ("क्षितिज शर्मा", "क्षिश"),
        ("გიორგი", "გ"),
        ("🦄 Ada 🦄", "A"),
        ("👨‍👩‍👧 🏳️‍🌈", "?"),
        ("", "?"),
        ("  ", "?"),
        ("--- !!!", "?"),
        ("\u202eAda", "A"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_marks_piled_on_a_letter_are_cut() -> None:
    assert len(initials("Z" + "\u0335\u0321" * 500)) <= 8


@given(st.text())
def test_any_name_has_initials(name: str) -> None:
    assert 1 <= len(initials(name)) <= 40


@given(st.text())
def test_colour_is_of_the_palette_and_stays(name: str) -> None:
    assert colour(name) in PALETTE
    assert colour(name) == colour(name)


def test_colour_does_not_depend_on_the_process() -> None:
    """Python's own hash() of a text would."""
    assert (colour("Ada Lovelace"), colour("Grace Hopper")) == ("#974a24", "#904572")
    assert colour(" ada LOVELACE ") == colour("Ada Lovelace")


def test_people_get_all_the_colours() -> None:
    assert {colour(f"Person {number}") for number in range(300)} == set(PALETTE)


@pytest.mark.parametrize("background", PALETTE)
def test_white_letters_can_be_read_on_every_colour(background: str) -> None:
    assert 1.05 / (luminance(background) + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_picture_names_the_person() -> None:
    root = drawn("Ada Lovelace", 64)
    assert (root.get("role"), root.get("width"), root.get("height")) == ("img", "64", "64")
    assert root.findtext(f"{SVG}title") == "Ada Lovelace"
    assert root.findtext(f"{SVG}text") == "AL"


def test_markup_in_a_name_is_text() -> None:
    name = "<script>alert(1)</script> \"&'"
    root = drawn(name)
    assert root.findtext(f"{SVG}title") == name
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "rect", "text"}


def test_picture_needs_no_style_and_runs_nothing() -> None:
    attributes = {name for element in drawn("Ada").iter() for name in element.attrib}
    assert not {name for name in attributes if name in {"style", "class", "href"} or name.startswith("on")}


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_name_makes_well_formed_xml(name: str) -> None:
    assert drawn(name).findtext(f"{SVG}text") == initials(name)
