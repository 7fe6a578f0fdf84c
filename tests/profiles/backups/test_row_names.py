"""What owners read on the pages of a sandbox: names of models and refusals, in their language."""

import re
from typing import Any

import pytest
from django.utils.translation import override

from config.product import ADDED
from profiles.backups.choosing import Pair, completed
from profiles.backups.errors import CannotRestore
from profiles.backups.models import Sandbox
from profiles.backups.names import name_of
from profiles.backups.showing import note, words_of
from profiles.exports.tables import models
from profiles.models import User
from shared.capabilities.base import SECRET
from shared.capabilities.registry import exports, row_names, row_words
from tenants.append_only import tables as append_only
from tenants.context import within


def ours() -> list[Any]:
    """Django names the models of a product's own apps, unless they have `row_names` and `row_words`."""
    return [model for model in models() if not model.__module__.startswith(("tests.", *(f"{app}." for app in ADDED)))]


def test_rows_of_each_model_that_owners_can_take_over_have_a_name():
    shown = {model._meta.label for model in ours() if model._meta.db_table not in append_only()}
    assert sorted(label for label in shown if exports().get(label) != SECRET and label not in row_names()) == []


def test_rows_that_name_others_say_which_they_are_in_words():
    """Otherwise owners read primary keys: "4 in 1"."""
    shown = [model for model in ours() if model._meta.db_table not in append_only()]
    naming = {each._meta.label for each in shown if any(field.remote_field for field in each._meta.local_fields)}
    assert sorted(label for label in naming if exports().get(label) != SECRET and label not in row_words()) == []


def test_each_row_is_shown_in_words(initech):
    pair = Pair(Sandbox(tenant=initech, of=initech))
    with within(initech):
        User.objects.filter(username="editor").update(first_name="", last_name="")
        rows = {label: list(table.model._base_manager.all()) for label, table in pair.tables.items()}
        words = {label: {words_of(row) for row in found} for label, found in rows.items()}
    for label, some in {
        "profiles.User": {"Rita Reader · reader", "editor"},
        "profiles.Profile": {"Rita Reader · reader"},
        "profiles.ProfileUserObjectPermission": {"Rita Reader · reader"},
        "profiles.Invitation": {"new@acme.example · Reader"},
    }.items():
        assert some <= words[label], label
    numbered = {label: each for label in row_words() if label in words for each in words[label] if each.isdigit()}
    assert not numbered
    assert all(each for found in words.values() for each in found)


def test_names_are_in_the_language_of_the_reader():
    names = {}
    for language in ("en", "de", "ar"):
        with override(language):
            names[language] = name_of("profiles.ProfileUserObjectPermission")
    assert names == {"en": "Rights to profiles", "de": "Rechte an Profilen", "ar": "صلاحيات على الملفات الشخصية"}


def test_model_without_a_name_is_shown_as_django_names_it():
    assert (name_of("profiles.Session"), name_of("nowhere.Thing")) == ("Sessions", "nowhere.Thing")


def test_computed_columns_are_not_named(acme):
    """With a first name change what sorts and finds the member: owners have not changed these."""
    table = Pair(Sandbox(tenant=acme, of=acme)).tables["profiles.User"]
    assert note(table, ["first_name", "search_words", "sort_name"]) == "first name"


@pytest.mark.parametrize(
    ("language", "refusal"),
    [
        ("de", "Mitglieder: Nummer 999 gibt es weder hier noch in der Sandbox."),
        ("ar", "الأعضاء: الرقم 999 غير موجود هنا ولا في النسخة التجريبية."),
    ],
)
def test_owner_reads_a_refusal_in_their_language(acme, globex, language, refusal):
    """Of two organisations that already are: a sandbox of one's own takes seconds to make."""
    pair = Pair(Sandbox(tenant=acme, of=globex))
    with override(language), pytest.raises(CannotRestore, match=re.escape(refusal)):
        completed(pair, {"profiles.User": {"999"}}, set())
