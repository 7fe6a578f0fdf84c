"""The commands of docs/backups.md about one organisation, in their order, as written there."""

import re
import shlex
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from profiles.backups import state
from profiles.backups.scheduling import organisations

PAGE = Path(__file__).parents[3] / "docs" / "backups.md"
COMMAND = re.compile(r"^\$ manage\.py (.+)$", re.MULTILINE)


def test_they_work(initech, monkeypatch):
    monkeypatch.setattr(state, "organisations", lambda: organisations().filter(pk=initech.pk))
    commands = [line for line in COMMAND.findall(PAGE.read_text()) if line != "backup"]
    assert len(commands) > 7
    said = []
    for line in commands:
        out = StringIO()
        call_command(*shlex.split(line.replace("acme", "initech")), stdout=out)
        said.append(out.getvalue())
    assert "initech is backed up as of" in said[0]
    assert "not verified yet" in said[1]
    assert "initech-sandbox is removed" in said[-1]
