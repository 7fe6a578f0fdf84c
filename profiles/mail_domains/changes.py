"""What owners do with email domains: add one, remove one, have one checked now, and choose how people join."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.invitations.changes import check_may_give
from profiles.mail_domains.models import ROLES, MailDomain
from profiles.mail_domains.names import clean
from profiles.mail_domains.rights import manages_mail_domains
from profiles.mail_domains.tasks import check_mail_domains
from profiles.models import User
from shared.checked import check_values
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Tenant


@transaction.atomic
def add(*, actor: User, domain: str) -> MailDomain:
    """Raises PermissionDenied, and ValidationError for what is no domain, is added already, or is one too many."""
    allow(actor)
    name, tenant = clean(domain), required()
    with public():
        Tenant.objects.select_for_update().get(pk=tenant.pk)  # Two at once are counted one after the other.
        number = MailDomain.objects.filter(tenant=tenant).count()
    if number >= (most := settings.MAIL_DOMAINS_MOST):
        words = ngettext(
            "An organisation can have %(most)s email domain. Remove it first.",
            "An organisation can have %(most)s email domains. Remove one first.",
            most,
        )
        raise ValidationError(words, code="too_many", params={"most": most})
    try:
        with public(), transaction.atomic():
            made = MailDomain.objects.create(tenant=tenant, domain=name)
    except IntegrityError as error:
        raise ValidationError(_("You have added this domain already."), code="added") from error
    emit("mail_domain.added", made, by=actor)
    soon()
    return made


@transaction.atomic
def remove(*, actor: User, domain: MailDomain) -> None:
    """Give it up. Members who have joined by it remain. Of two owners at once, one removes it."""
    allow(actor)
    with public():
        row = MailDomain.objects.select_for_update().filter(pk=domain.pk).first()
    if row is None:
        return
    emit("mail_domain.removed", row, by=actor)
    with public():
        row.delete()


@transaction.atomic
def choose_joining(*, actor: User, domain: MailDomain, joins: str, role: str) -> None:
    """Let people with such an address join in this way, with this role if they join at once.

    Raises PermissionDenied, ValidationError for another way, and MailDomain.DoesNotExist if the domain is not proved
    any more.
    """
    allow(actor)
    check_may_give(actor, role)
    if role not in ROLES:
        raise PermissionDenied
    tenant = required()
    with public():
        row = MailDomain.objects.proved_by(tenant).select_for_update().get(pk=domain.pk)
    before, row.joins, row.role = (row.joins, row.role), joins, role
    check_values(row, ["joins", "role"])
    emit("mail_domain.changed", row, by=actor, joins=(before[0], joins), role=(before[1], role))
    with public():
        row.save(update_fields=["joins", "role"])


@transaction.atomic
def check_now(*, actor: User, domain: MailDomain) -> None:
    """Have it checked by a job, at once."""
    allow(actor)
    with public():
        MailDomain.objects.filter(pk=domain.pk).update(next_check=timezone.now())
    soon()


def soon() -> None:
    check_mail_domains.defer_once()  # A job that waits already checks all that are due.


def allow(actor: User) -> None:
    if not manages_mail_domains(actor):
        raise PermissionDenied
