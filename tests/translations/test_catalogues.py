"""Each language has each sentence, in a catalogue that is compiled."""

import re
import shutil
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings

from shared import catalogues
from tests.translations.sentences import sentences

OURS = [settings.BASE_DIR / name for name in ("shared", "tenants", "profiles", "config")]
# An app of the product's own is not translated before `make messages` has made its catalogues.
FOLDERS = [
    folder
    for folder in catalogues.folders()
    if "tests" not in folder.parts and (any(map(folder.is_relative_to, OURS)) or (folder / "locale").is_dir())
]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def catalogue(mo: Path) -> dict[str, list[str]]:
    """From a sentence to its translation, one for each form of its plural."""
    with mo.open("rb") as file:
        entries = GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # all of it is only here
    found: dict[str, list[str]] = {}
    for key, translation in entries.items():
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(translation)
    return found


@cache
def compiled(folder: Path, language: str) -> dict[str, list[str]]:
    return catalogue(folder / "locale" / language / "LC_MESSAGES" / "django.mo")


@cache
def said(folder: Path) -> set[str]:
    """All sentences of an app, without those of apps inside of it."""
    inner = catalogues.inner(folder)
    files = (
        path
        for path in folder.rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
        and not {"migrations", "skeleton"} & set(path.parts)
        and not any(path.is_relative_to(each) for each in inner)
    )
    return {sentence for path in files for sentence in sentences(path)}


@pytest.mark.parametrize("language", catalogues.languages())
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_sentence_is_missing(folder, language):
    """Mended by `make messages`, which says what is to be translated."""
    expected = said(folder)
    if expected:
        assert sorted(expected - compiled(folder, language).keys()) == []


def test_there_is_much_to_be_translated():
    assert sum(len(said(folder)) for folder in FOLDERS) > 400


@pytest.mark.parametrize("language", catalogues.languages())
def test_placeholders_are_kept(language):
    for folder in FOLDERS:
        for sentence, translations in compiled(folder, language).items() if said(folder) else ():
            if sentence and len(translations) == 1:
                assert sorted(PLACEHOLDER.findall(translations[0])) == sorted(PLACEHOLDER.findall(sentence))


def test_arabic_has_six_forms_of_each_plural():
    plurals = [forms for folder in FOLDERS if said(folder) for forms in compiled(folder, "ar").values()]
    assert {len(forms) for forms in plurals} == {1, 6}


def test_american_english_has_no_british_spelling():
    texts = [
        text for folder in FOLDERS if said(folder) for forms in compiled(folder, "en_US").values() for text in forms
    ]
    british = re.compile(r"(?<!%\()(rganis|ecognis|olour)")
    assert [text for text in texts if british.search(PLACEHOLDER.sub("", text))] == []


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="GNU gettext is not installed")
def test_what_is_compiled_is_what_is_written(tmp_path):
    files = [po for folder in FOLDERS for po in (folder / "locale").glob("*/LC_MESSAGES/django.po")]
    assert files
    for po in [*files, *catalogues.wording()]:
        mo = tmp_path / "django.mo"
        catalogues.run("msgfmt", "--check-format", "--output-file", mo, po)
        assert catalogue(mo) == catalogue(po.with_suffix(".mo")), po
