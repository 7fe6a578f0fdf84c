"""Accent colours are corrected for contrast."""

import random

import pytest

from shared.colours import contrast, hexadecimal, look, oklch
from shared.style_sheet import FOLDER
from shared.tokens import token

WHITE, BLACK = "#ffffff", "#000000"
CHOSEN = [WHITE, BLACK, token("accent"), "#ffff00", "#00ffff", "#ff00ff", "#808080", "#ff69b4"]
SOME = [f"#{random.Random(seed).randrange(2**24):06x}" for seed in range(40)]  # noqa: S311  the same each time


@pytest.mark.parametrize("colour", CHOSEN + SOME)
def test_text_in_it_and_on_it_can_be_read_in_both_schemes(colour):
    for scheme, grounds in (
        (look(colour).light, (WHITE, "#f2f0ed")),
        (look(colour).dark, (BLACK, "#272522")),
    ):
        assert contrast(scheme.accent, scheme.on) >= 4.5
        assert contrast(scheme.strong, scheme.on) >= 4.5
        for ground in (*grounds, scheme.soft):
            assert contrast(scheme.accent, ground) >= 4.5


def test_colour_that_can_be_read_stays_as_it_was_chosen():
    assert look("#2456b8").light.accent == "#2456b8"
    assert look("#2456b8").dark.accent != "#2456b8"


def test_contrast_is_that_of_wcag():
    assert contrast(WHITE, BLACK) == 21
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", CHOSEN)
def test_way_to_lightness_and_back_changes_nothing(colour):
    assert hexadecimal(*oklch(colour)) == colour


@pytest.mark.parametrize("text", ["", "red", "#FFFFFF", "#fff", "#ffffff;}", "#ffffff\n"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match="is not a colour"):
        look(text)


def test_grounds_are_those_of_the_tokens():
    tokens = (FOLDER / "tokens.css").read_text()
    assert "--sunken: light-dark(oklch(0.957 0.007 84), oklch(0.262 0.008 75))" in tokens
