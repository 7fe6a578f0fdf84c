"""What came of it all, in tables for people."""

import sys
from collections.abc import Iterable

from tests.torture.bombs import Flood, line
from tests.torture.deploys import Deploy
from tests.torture.kills import Tally
from tests.torture.outages import Outage
from tests.torture.races import Race
from tests.torture.rules import Play


class Report:
    """Printed as it comes; counts what must not be."""

    def __init__(self) -> None:
        self.faults = 0

    def kills(self, tallies: Iterable[Tally]) -> None:
        for tally in tallies:
            self.tally(tally)

    def tally(self, tally: Tally) -> None:
        outcomes = ", ".join(f"{count} {what}" for what, count in sorted(tally.outcomes.items()))
        say(f"{tally.operation}, {tally.victim} killed at {tally.points} points of {tally.seconds * 1000:.0f} ms")
        say(f"    {outcomes}")
        for what, count in tally.notes.items():
            say(f"    {count} {what}")
        self.faulty(tally.torn)

    def races(self, races: list[Race]) -> None:
        for race in races:
            outcomes = ", ".join(f"{count} {what}" for what, count in sorted(race.outcomes.items()))
            say(f"{race.name}, {race.outcomes.total()} rounds: {outcomes}")
            self.faulty(race.faults)

    def rules(self, play: Play) -> None:
        outcomes = ", ".join(f"{count} {what}" for what, count in sorted(play.outcomes.items()))
        say(f"rules, {play.stories} stories of up to {play.steps} steps: {outcomes}")
        self.faulty(play.faults)

    def bombs(self, floods: Iterable[Flood]) -> None:
        for flood in floods:
            say(line(flood))
            self.faulty(flood.faults)

    def outages(self, outages: Iterable[Outage]) -> None:
        for outage in outages:
            say(f"{outage.name}: {'; '.join(outage.figures)}")
            self.faulty(outage.faults)

    def deploy(self, deploy: Deploy) -> None:
        heard = deploy.heard
        say(
            f"deployment, {deploy.organisations} organisations, `migrate` took {deploy.migrate_seconds:.1f} s: "
            f"{heard.requests.total()} requests, {len(heard.faults)} failed, the slowest took {heard.slowest:.1f} s"
        )
        for phase, count in heard.requests.items():
            say(f"    {count} to {phase}")
        self.faulty(heard.faults)

    def faulty(self, faults: list[str]) -> None:
        self.faults += len(faults)
        for fault in faults[:5]:
            say(f"    TORN {fault}")

    def close(self) -> int:
        """The exit status."""
        say(f"\n{self.faults} faults." if self.faults else "\nNothing is torn.")
        return min(self.faults, 1)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
