"""Commands for operators."""

import pytest
from django.core.management import CommandError, call_command

from tenants.context import current
from tenants.models import Tenant
from tests.tenants.commands import run


def test_a_shell_inside_an_organisation(acme, globex, capsys):
    command = (
        "from profiles.models import User; from django.db import connection as c; print(User.objects.get(pk=1).email,"
        "c.cursor().execute('SELECT current_user').fetchone()[0])"
    )
    for tenant, name in ((acme, "acme"), (globex, globex.schema_name)):
        call_command("shell", tenant=name, command=command, verbosity=0)
        assert capsys.readouterr().out.split() == [f"owner@{tenant.slug}.example", tenant.schema_name]
    assert current() is None


def test_a_shell_outside_is_djangos(acme, capsys):
    call_command("shell", command="from tenants.context import current; print(current())", verbosity=0)
    assert capsys.readouterr().out.strip() == "None"


def test_a_shell_in_an_unknown_organisation(db):
    with pytest.raises(CommandError, match=r"no organisation 'nobody'.*manage.py tenants"):
        call_command("shell", tenant="nobody", command="1")


def test_the_list_of_organisations(acme, globex):
    Tenant.objects.filter(pk=globex.pk).update(state=Tenant.State.SUSPENDED, fingerprint="")
    lines = {line.split()[0]: line for line in run("tenants").splitlines()}
    assert f"{acme.schema_name}" in lines["acme"]
    assert "active" in lines["acme"]
    assert "up to date" in lines["acme"]
    assert "suspended" in lines["globex"]
    assert "behind" in lines["globex"]
