"""Keeps what a check has found, and does what follows: a host is served, fails, or is released."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.own_domains import canonical
from profiles.own_domains.looking import Findings
from profiles.own_domains.models import OwnDomain
from profiles.own_domains.states import next_check, next_state
from profiles.own_domains.telling import tell_owners
from shared.dns_proofs import UNANSWERED
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Domain, Tenant
from tenants.notices import notify

State = OwnDomain.State
# A host that leads elsewhere keeps members out. After so long the organisation has its own address below ours again.
GIVE_WAY_AFTER = timedelta(minutes=50)
REMIND_BEFORE = timedelta(days=7)


@transaction.atomic
def settle(domain: OwnDomain, findings: Findings) -> None:
    """In the host's organisation. One that was removed in the meantime is left alone."""
    tenant = required()
    with public():
        Tenant.objects.select_for_update().get(pk=tenant.pk)  # First, as all that change its addresses do.
        row = OwnDomain.objects.select_for_update().filter(pk=domain.pk, tenant=tenant).first()
    if row is None:
        return
    before = row.state
    note(row, findings)
    if row.released_at and row.released_at <= timezone.now():
        release(row)
        return
    come_into(row, next_state(before, findings))
    row.next_check = next_check(row, timezone.now())
    with public():
        row.save()
    if row.state != before:
        tell(row)
    elif row.state == State.FAILING:
        warn(row)


def note(row: OwnDomain, findings: Findings) -> None:
    proof, address, now = findings.proof, findings.address, timezone.now()
    row.proof_error, row.address_error, row.checked = proof.error, address.error, now
    row.found = proof.found or address.found
    if not proof.error:
        row.proof_gone, row.is_reminded = None, False
    elif row.is_held and proof.error != UNANSWERED:
        row.proof_gone = row.proof_gone or now


def come_into(row: OwnDomain, state: State) -> None:
    """The database decides between two organisations that prove a host in the same moment."""
    if state == row.state:
        return
    was, row.state, row.since = row.state, state, timezone.now()
    try:
        with public(), transaction.atomic():
            row.save()
            if state == State.LIVE:
                serve(row)
    except IntegrityError:
        row.state, row.proof_error = State(was), "taken"


def serve(row: OwnDomain) -> None:
    """Raises IntegrityError if the host leads to another organisation."""
    if not Domain.objects.filter(domain=row.host, tenant=row.tenant_id).exists():
        Domain.objects.create(domain=row.host, tenant_id=row.tenant_id, is_primary=False)


def tell(row: OwnDomain) -> None:
    emit(f"own_domain.{row.state}", row)
    if row.state == State.LIVE:
        notify("manage_domains", "own_domain.live", row, host=row.shown)
    elif row.state == State.FAILING:
        notify("manage_domains", "own_domain.failing", row, host=row.shown)
        tell_owners(row, "domain_failing")


def warn(row: OwnDomain) -> None:
    """What fails for longer: the main address gives way, and a week before the release owners get another mail."""
    now = timezone.now()
    leads_elsewhere = row.address_error not in ("", UNANSWERED)
    if leads_elsewhere and now - row.since >= GIVE_WAY_AFTER and canonical.is_canonical(row.host):
        canonical.give_way()
        tell_owners(row, "domain_set_aside")
    if row.released_at and row.released_at - now <= REMIND_BEFORE and not row.is_reminded:
        row.is_reminded = True
        with public():
            row.save(update_fields=["is_reminded"])
        tell_owners(row, "domain_failing")


def release(row: OwnDomain) -> None:
    """It is no longer this organisation's: another one can prove it. Its owners still see it, and can prove it anew."""
    canonical.stop_serving(row.host)
    row.state, row.since, row.proof_gone, row.is_reminded = State.PENDING, timezone.now(), None, False
    row.next_check = next_check(row, timezone.now())
    with public():
        row.save()
    emit("own_domain.released", row)
    tell_owners(row, "domain_released")
