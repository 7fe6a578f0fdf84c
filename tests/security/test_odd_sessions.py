"""What another release has kept in a session, or in the messages' cookie, in another shape: as if it were not there."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client

from profiles.models import Session
from profiles.testing import PASSWORD, SiteClient, facts
from profiles.testing.installed import is_of_an_app_that_is_out
from tenants.context import within
from tests.daily import part_each_day

ROOT = Path(__file__).parents[2]
# Keys of sessions by the module that writes them, and a page that reads each. Capabilities have theirs in IN_SESSION of
# testing/pages.py.
IN_SESSION = {"profiles/sign_in/pending.py": {"pending_request": "/account/reauthenticate/"}}
OF_OTHERS = "profiles/oidc/"  # They have the keys of their callers.
SOON = 9e12  # a time that is not over
ODD: list[Any] = [7, "x", [], {}, {"at": "x"}, {"at": SOON}, {"at": SOON, "member": 1, "values": {}, "state": ""}]


def every_kept() -> dict[str, dict[str, str]]:
    return IN_SESSION | {
        module: keys for pages in facts.pages() for module, keys in getattr(pages, "IN_SESSION", {}).items()
    }


def writers() -> Iterator[str]:
    """The modules of installed apps that write to a session."""
    for path in (ROOT / "profiles").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if "/testing/" not in name and not name.startswith(OF_OTHERS) and not is_of_an_app_that_is_out(path.parent):
            source = path.read_text()
            tree = ast.parse(source if "request.session" in source else "")
            nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
            if any(isinstance(n.ctx, ast.Store) and ast.unparse(n.value).endswith("request.session") for n in nodes):
                yield name


def test_every_writer_is_tried():
    assert set(writers()) <= set(every_kept()), "Say in IN_SESSION of testing/pages.py which page reads what it writes."


def keep(browser: Client, odd: Any, *keys: str) -> None:
    session = browser.session
    session.update(dict.fromkeys(keys, odd))
    session.save()


@pytest.mark.parametrize("odd", part_each_day(ODD), ids=str)
def test_what_a_session_keeps(acme, owner, as_user, odd):
    kept = {key: path for keys in every_kept().values() for key, path in keys.items()}
    for browser in (SiteClient(acme), as_user(owner).give_password()):
        for key, path in kept.items():
            with within(acme):
                keep(browser, odd, key)
            assert browser.get(path).status_code < 500, key
    visitor, member = SiteClient(acme), as_user(owner)
    with within(acme):
        keep(visitor, odd, *kept)
        keep(member, odd, *kept)
    assert visitor.post("/account/login/", {"login": "owner", "password": PASSWORD}).status_code < 500
    assert member.post("/account/reauthenticate/", {"password": PASSWORD}).status_code < 500


@pytest.mark.parametrize("odd", part_each_day([*ODD[:4], None, "", True, -1, 1e400, "9" * 30]), ids=str)
@pytest.mark.parametrize("key", ["begun", "seen", "former", "_auth_user_id", "_auth_user_hash", "_auth_user_backend"])
def test_what_the_store_keeps(acme, owner, as_user, key, odd):
    """In the browser itself, and in another one that lists it."""
    odd_one, other = as_user(owner), SiteClient(acme).sign_in(owner)
    with within(acme):
        row = Session.objects.get(session_key=odd_one.cookies["session"].value)
        row.session_data = row.get_session_store_class()().encode(row.get_decoded() | {key: odd})
        row.save()
    for path in ("/account/sessions/", "/account/security/", "/people/"):
        assert other.get(path).status_code < 500
        assert odd_one.get(path).status_code < 500


@pytest.mark.parametrize("key", ["\0" * 10, "\0" + "a" * 31, "ÿ" * 32, "a" * 5000, "'" * 8, "\\" * 8])
def test_a_cookie_that_is_no_key(visitor, key):
    visitor.cookies[settings.SESSION_COOKIE_NAME] = key
    assert visitor.get("/account/login/").status_code == 200
    assert visitor.get("/people/").status_code == 302


@pytest.mark.parametrize(
    "odd",
    [7, "x", {}, [7], [{}], ["__json_message"], *([["__json_message", *rest]] for rest in ([], [0], [0, "x", ""]))],
)
def test_messages(acme, owner, as_user, odd):
    browser = as_user(owner)
    signer = signing.get_cookie_signer(salt=f"{acme.schema_name}:django.contrib.messages")
    browser.cookies[settings.MESSAGE_COOKIE_NAME] = signer.sign_object(odd)
    assert browser.get("/people/").status_code == 200
