"""Every sentence that people read goes through gettext."""

import re
from pathlib import Path

import pytest

from tests.translations.sentences import untranslated_in_python, untranslated_in_script, untranslated_in_template

ROOT = Path(__file__).parents[2]
FILES = sorted(path for app in ("shared", "tenants", "profiles") for path in (ROOT / app).rglob("*"))
# The skeleton of a new feature is in the words of who starts it, and the gallery is for developers.
FILES = [path for path in FILES if not {"skeleton", "gallery"} & set(path.parts)]
TEMPLATES = [path for path in FILES if "templates" in path.parts and path.suffix in {".html", ".txt"}]
SCRIPTS = [path for path in FILES if "static" in path.parts and path.suffix == ".js"]
SHEETS = [path for path in FILES if "static" in path.parts and path.suffix == ".css"]
# Commands speak to operators, and migrations to no one.
MODULES = [path for path in FILES if path.suffix == ".py" and not {"management", "migrations"} & set(path.parts)]


def named(paths: list[Path], find) -> dict[str, list[str]]:
    return {str(path.relative_to(ROOT)): found for path in paths if (found := find(path.read_text()))}


def test_templates_have_no_sentence_of_one_language_only():
    assert len(TEMPLATES) > 100
    assert named(TEMPLATES, untranslated_in_template) == {}


def test_scripts_have_no_sentence_of_one_language_only():
    assert len(SCRIPTS) > 1
    assert named(SCRIPTS, untranslated_in_script) == {}


def test_style_sheets_have_no_words():
    assert len(SHEETS) > 5
    assert named(SHEETS, re.compile(r'content: "[^"]*[a-z]{2}[^"]*"').findall) == {}


def test_python_has_no_sentence_of_one_language_only():
    assert len(MODULES) > 100
    assert named(MODULES, untranslated_in_python) == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        '<img alt="A door">',
        '<input placeholder="Your name">',
        '{% include "shared/empty.html" with title="No mail" %}',
        "{% if member %}Hello{% endif %}",
        "{% blocktranslate %}Hello{% endblocktranslate %} you",
    ],
)
def test_a_sentence_in_a_template_is_found(template):
    assert untranslated_in_template(template)


@pytest.mark.parametrize(
    "code",
    [
        'messages.success(request, "It is saved.")',
        'messages.error(request, f"{name} is gone.")',
        'raise ValidationError("It is taken.", code="taken")',
        'words = f"{name} is taken."\nraise ValidationError(words)',
        'forms.CharField(help_text="It can be changed later.")',
        'models.CharField("username", max_length=10)',
        'class Meta:\n    labels = {"bio": "About you"}',
        'Link(url_name="home", label="Home")',
        'messages.error(request, "%s is gone." % name)',
        'messages.error(request, "{} is gone.".format(name))',
        'messages.error(request, "It is gone." if gone else _("It is here."))',
        'messages.add_message(request, messages.INFO, "It is gone.")',
        'form.add_error("name", "It is taken.")',
        'raise PermissionDenied("Only its owner can change it.")',
        'raise ValidationError(str(error) or "It is taken.")',
        'def refusal(name):\n    words = "It is taken: " + name\n    return forms.ValidationError(words)',
        'class Meta:\n    verbose_name = "member"',
        'class Role(models.TextChoices):\n    OWNER = "owner", "Owner"',
        'from django.utils.translation import gettext_lazy as lazy\nlazy("It is gone.")',
        'has_photo.short_description = "Photo"',
    ],
)
def test_a_sentence_in_python_is_found(code):
    assert untranslated_in_python(code)


@pytest.mark.parametrize(
    "script",
    ['status.textContent = "Saved.";', "field.setCustomValidity(`Too large`)", 'x.setAttribute("aria-label", "Close")'],
)
def test_a_sentence_in_a_script_is_found(script):
    assert untranslated_in_script(script)


def test_a_script_may_show_what_a_template_gave_it():
    assert untranslated_in_script('words.textContent = viewer.dataset.restored; x.title = "";') == []


@pytest.mark.parametrize(
    "template",
    [
        '{% translate "Hello" %}',
        "<p>{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}</p>",
        '{% include "shared/empty.html" with title=_("No mail") text="" %}',
        "{% comment %}Takes name.{% endcomment %}{# A note. #}<p>{{ name }}</p>",
    ],
)
def test_what_is_translated_is_left_alone(template):
    assert untranslated_in_template(template) == []
