"""What follows from a check: in which state a host is next, and when it is checked again. Nothing is asked here."""

from datetime import datetime, timedelta

from profiles.own_domains.looking import Findings
from profiles.own_domains.models import OwnDomain
from shared.dns_proofs import UNANSWERED

State = OwnDomain.State
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
# How long after the last change of its state a host is checked how often, while something is missing.
WAITING = [(HOUR, timedelta(minutes=2)), (DAY, timedelta(minutes=30)), (30 * DAY, DAY)]


def next_state(state: str, findings: Findings) -> State:
    """The state stays if a name server does not answer: it is asked again in an hour."""
    proof, address = findings.proof.error, findings.address.error
    if UNANSWERED in (proof, address) and not (state == State.PENDING and not proof):
        return State(state)
    if not proof and not address:
        return State.LIVE
    if state in (State.PENDING, State.PROVED) and not proof:
        return State.PROVED
    return State.PENDING if state == State.PENDING else State.FAILING


def next_check(domain: OwnDomain, now: datetime) -> datetime:
    """A host in service is checked weekly, one that fails hourly for two days, any other by WAITING."""
    if UNANSWERED in (domain.proof_error, domain.address_error):
        return now + HOUR
    if domain.state == State.LIVE:
        return now + WEEK
    age = now - domain.since
    if domain.state == State.FAILING:
        return now + (HOUR if age < 2 * DAY else DAY)
    return now + next((pause for until, pause in WAITING if age < until), WEEK)
