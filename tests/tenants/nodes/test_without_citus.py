"""CITUS on a server that is no cluster: commands refuse in a sentence, everything else works as ever."""

from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from environs import Env

from profiles.testing import SiteClient, person
from tenants.nodes.apps import NodesConfig
from tenants.nodes.placed import is_placed, places
from tenants.organisations.remove import remove
from tenants.schemas.drift import differences

COMMANDS = [
    ("nodes",),
    ("nodes", "--check"),
    ("place_organisation", "acme", "--node", "n1"),
    ("place_organisation", "acme", "--home"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_say_what_is_missing(acme, settings, words):
    def refusal() -> str:
        with pytest.raises(CommandError) as error:
            call_command(*words, stdout=StringIO())
        return str(error.value)

    settings.CITUS = False
    assert refusal().startswith("CITUS is off")
    settings.CITUS = True
    assert "does not have the extension" in refusal()
    settings.DATABASE_ROLES = False
    assert "DATABASE_ROLES" in refusal()


def test_everything_else_works_without_the_extension(acme, globex, settings, media):
    settings.CITUS = True
    assert SiteClient(acme).sign_in(person(acme, "reader")).get("/people/").status_code == 200
    assert (places(), is_placed(acme)) == ({}, False)
    call_command("migrate", stdout=StringIO())
    assert list(differences([acme, globex])) == []
    remove(globex)
    assert globex.state == "removed"


def test_a_number_that_cannot_be_is_refused_at_the_start(monkeypatch):
    monkeypatch.setenv("KEPT_FOR_NODES", "0")
    with pytest.raises(ImproperlyConfigured, match="has to be 1 or more"):
        NodesConfig.settings(Env())
