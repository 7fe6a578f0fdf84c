"""The colours of tokens.css in mails and in the browser's frame."""

import re
from pathlib import Path

import pytest
from django.template import engines

from shared import tokens

ROOT = Path(tokens.FILE).parents[4]
# A colour in a template would stay when a product changes those in tokens.css. `&#039;` is none.
HEX = re.compile(r"(?<!&)#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b(?=[^\w-])")


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Have tokens.css be this."""

    def write(text: str) -> None:
        file = tmp_path / "tokens.css"
        file.write_text(text)
        monkeypatch.setattr(tokens, "FILE", file)
        tokens.tokens.cache_clear()

    yield write
    tokens.tokens.cache_clear()


def test_a_colour_is_read_in_each_form(written):
    written(
        ":root { --a: light-dark(oklch(1 0 0), oklch(0 0 0)); --b: #AbCdef;\n"
        "--c: light-dark(#010203, oklch(0.42 0.082 166)); --d: oklch(0.42 0.082 166); --e: 1px; }"
    )
    read = {name: (tokens.token(name), tokens.token(name, "dark")) for name in "abcd"}
    green = "#0d5b43"
    assert read == {
        "a": ("#ffffff", "#000000"),
        "b": ("#abcdef", "#abcdef"),
        "c": ("#010203", green),
        "d": (green, green),
    }
    with pytest.raises(ValueError, match="has no colour --e, as oklch"):
        tokens.token("e")


def test_a_mails_button_has_the_accent_of_the_file(written):
    written("--accent: #123456; --on-accent: #fedcba; --ink-soft: #777777;")
    mail = engines["django"].from_string("{% include 'mail/button.html' with url='/x/' label='Go' %}").render({})
    assert "background: #123456; color: #fedcba;" in mail


def test_no_template_has_a_colour_of_its_own():
    templates = [
        path for room in ("profiles", "shared", "tenants") for path in (ROOT / room).rglob("templates/**/*.html")
    ]
    assert len(templates) > 100
    found = {str(path.relative_to(ROOT)): HEX.findall(path.read_text()) for path in templates}
    assert {path: colours for path, colours in found.items() if colours} == {}
