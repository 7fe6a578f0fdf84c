"""What the organisation knows about a member: all their data, and none of other members."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps

from profiles.exports import mine
from profiles.models import User
from profiles.testing import person
from shared.capabilities.registry import exports
from tenants.context import within


@pytest.fixture
def told(full):
    """The data of a member, and the names of the files."""

    def write(username: str):
        out = BytesIO()
        with within(full):
            mine.write(person(full, username), out)
        with ZipFile(out) as package:
            return json.loads(package.read("data.json")), package.namelist()

    return write


def test_every_pointer_to_a_member_has_a_word(acme):
    """Also in a product's own apps."""
    with within(acme):
        assert mine.without_word() == [], (
            'Say in `exports` of the app what a row is to the member that this field names: "mine", "mentions me" or '
            '"not mine". docs/capabilities.md'
        )


def test_words_are_about_what_is_there(acme):
    assert exports()
    for name in exports():
        label = name.rpartition(".")[0] if name.count(".") > 1 else name
        assert apps.get_model(label)


def test_field_without_a_word_is_noticed(acme, monkeypatch):
    from profiles.exports import mine as module

    words = {name: word for name, word in exports().items() if name != "receivers.Notice.user"}
    monkeypatch.setattr(module, "exports", lambda: words)
    with within(acme):
        assert mine.without_word() == ["receivers.Notice.user"]


def test_reader_gets_account_profile_and_what_apps_call_mine(told):
    data, files = told("reader")
    assert data["mine"]["profiles.User"][0]["email"] == "reader@acme.example"
    assert data["mine"]["profiles.Profile"][0]["birth_date"] == "1990-02-28"
    assert data["mine"]["receivers.Notice"][0]["text"] == "Hello"
    assert data["mine"]["profiles.Session"][0]["ip"] == "192.0.2.1"
    assert sorted(name.rpartition("/")[2] for name in files) == ["512.webp", "64.webp", "data.json"]


def test_nothing_of_others_is_in_it(told):
    text = json.dumps(told("reader")[0])
    for other in ("owner@acme.example", "editor@acme.example", "new@acme.example", "Rocket", "Edda"):
        assert other not in text


def test_what_mentions_them_is_named_and_not_shown(told):
    data, files = told("editor")
    if apps.is_installed("profiles.welcome"):
        assert data["mentions_me"]["welcome.Welcome"] == [{"id": 1}]
    assert data["mentions_me"]["receivers.Follow"]
    assert "Welcome!" not in json.dumps(data)
    assert files == ["data.json"]


def test_no_secret_is_in_it(told):
    text = json.dumps(told("reader")[0])
    for secret in ("md5$", "a secret", "a-key", "b" * 32, "a link"):
        assert secret not in text


def test_member_downloads_it_with_the_password(full, as_user, reader):
    browser = as_user(reader)
    assert browser.post("/account/data/").url.startswith("/account/reauthenticate/")
    answer = browser.give_password().post("/account/data/")
    assert answer["Content-Disposition"] == 'attachment; filename="acme-reader.zip"'
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as package:
        data = json.loads(package.read("data.json"))
    assert [row["username"] for row in data["mine"]["profiles.User"]] == ["reader"]


def test_member_without_an_address_gets_nothing_by_address(full, told):
    with within(full):
        User.objects.filter(username__in=["reader", "gone"]).update(email="")
    assert "profiles.Refusal" not in told("gone")[0]["mine"]
