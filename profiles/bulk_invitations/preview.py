"""The rows on a list's pages: a draft's lines with expected outcomes, and a sent list's results."""

from collections import Counter
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from profiles.bulk_invitations.lines import Line
from profiles.bulk_invitations.models import Batch
from profiles.bulk_invitations.outcomes import Outcome, foresee
from profiles.invitations.columns import columns
from profiles.invitations.quota import most_on_first_day
from profiles.models import User
from profiles.roles import Role, granted_roles

# At most this many lines are corrected at once, as a form has at most a thousand fields. The others follow.
CORRECTED = 100
TONES = {Outcome.NEW: "success", Outcome.SENT: "success", Outcome.MEMBER: "", Outcome.INVITED: "", Outcome.TWICE: ""}
# Outcomes that need no action: the person already has what the list asks for.
SETTLED = {Outcome.MEMBER, Outcome.INVITED, Outcome.TWICE}


class Row(NamedTuple):
    line: Line
    role: str | Promise
    label: str | Promise
    tone: str

    @property
    def added(self) -> list[tuple[str, str | Promise, str]]:
        return added_in(self.line)


class Draft(NamedTuple):
    """A line that can be corrected, with its number in the list."""

    number: int
    line: Line
    label: str | Promise
    roles: list[tuple[str, str]]
    added: list[tuple[str, str | Promise, str]]  # name, label and text of the apps' columns


def row(line: Line, code: str) -> Row:
    outcome = Outcome(code)
    role = Role(line.role).label if line.role in Role.values else line.role
    return Row(line, role, outcome.label, TONES.get(outcome, "warning"))


def added_in(line: Line) -> list[tuple[str, str | Promise, str]]:
    return [(name, column.label, line.added[name]) for name, column in columns().items() if name in line.added]


class Preview:
    def __init__(self, batch: Batch, viewer: User) -> None:
        self.granted = granted_roles(viewer)
        self.found = list(zip(batch.people, foresee(batch.people, viewer), strict=True))

    @cached_property
    def new(self) -> list[Row]:
        return [row(line, code) for line, code in self.found if code == Outcome.NEW]

    @property
    def most_today(self) -> int | None:
        """How many a new organisation can send today, if the list has more."""
        most = most_on_first_day()
        return most if most is not None and len(self.new) > most else None

    @cached_property
    def settled(self) -> list[Row]:
        """Those who need no invitation."""
        return [row(line, code) for line, code in self.found if code in SETTLED]

    @cached_property
    def wrong(self) -> list[Draft]:
        """Those that cannot be invited as they are."""
        wrong = [
            (number, line, Outcome(code))
            for number, (line, code) in enumerate(self.found)
            if code != Outcome.NEW and code not in SETTLED
        ]
        return [Draft(number, line, code.label, self.roles(line), added_in(line)) for number, line, code in wrong]

    @cached_property
    def seatless(self) -> int:
        """How many lines are right, and wait for a seat."""
        return sum(code == Outcome.NO_SEAT for _line, code in self.found)

    @property
    def faulty(self) -> int:
        return len(self.wrong) - self.seatless

    @property
    def shown(self) -> list[Draft]:
        return self.wrong[:CORRECTED]

    def roles(self, line: Line) -> list[tuple[str, str]]:
        """The choices of a line, with an empty one first if its own role cannot be given."""
        is_granted = line.role in dict(self.granted)
        return self.granted if is_granted else [("", _("Choose a role")), *self.granted]


class Report:
    def __init__(self, batch: Batch) -> None:
        self.people = batch.people

    @cached_property
    def rows(self) -> list[Row]:
        """The lines with a result, those first that were not invited."""
        done = [row(line, line.code) for line in self.people if line.code]
        return sorted(done, key=lambda row: row.tone != "warning")

    @property
    def tally(self) -> list[tuple[Any, int]]:
        return [
            (Outcome(code).label, number)
            for code, number in Counter(line.code for line in self.people if line.code).most_common()
        ]
