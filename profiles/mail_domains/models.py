"""MailDomain, in `public`: the domains that organisations have added, and how people with such an address join."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.joining.models import ROLES
from profiles.roles import Role
from shared.dns_proofs import NOT_CHECKED, Proof
from tenants.models import Tenant

# Labels of a host name in lower case, two at least; an international one as "xn--…".
DOMAIN = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
# The TXT record's name is longer by a label.
MAX_LENGTH = 220


def new_proof() -> str:
    """What the TXT record has to say. It differs between organisations, so that none can use the record of another."""
    return f"{settings.BRAND['SLUG']}-mail={secrets.token_hex(16)}"


class MailDomainQuerySet(models.QuerySet["MailDomain"]):
    def due(self) -> Self:
        return self.filter(next_check__lte=timezone.now(), tenant__state=Tenant.State.ACTIVE)

    def proved_by(self, tenant: Tenant) -> Self:
        return self.filter(tenant=tenant, proved__isnull=False)


class MailDomain(models.Model):
    """A domain that an organisation has added. It is the organisation's alone from the moment when it is proved.

    Any number of organisations may have added a domain without proving it. Otherwise the first to add it could keep its
    real owner from using it. Addresses below it, as olga@mail.customer.com, do not count.
    """

    class Joins(models.TextChoices):
        OFF = "off", _("By invitation only")
        REQUEST = "request", _("By request, which an owner or admin approves")
        AT_ONCE = "at_once", _("At once, after confirming the address by email")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="mail_domains", db_index=False)
    domain = models.CharField(_("Domain"), max_length=MAX_LENGTH)
    proof = models.CharField(max_length=100, default=new_proof, editable=False)
    proved = models.DateTimeField(null=True, editable=False)  # since then; null if it is not, or no longer
    proof_gone = models.DateTimeField(null=True, editable=False)
    is_reminded = models.BooleanField(default=False, editable=False)
    # A word of shared/dns_proofs.py, "" where the record is right; and what the record says instead.
    error = models.CharField(max_length=20, default=NOT_CHECKED, blank=True, editable=False)
    found = models.CharField(max_length=200, default="", blank=True, editable=False)
    joins = models.CharField(
        _("People with such an address join"), max_length=7, choices=Joins.choices, default=Joins.OFF
    )
    role = models.CharField(_("Role"), max_length=10, choices=Role.choices, default=Role.READER)
    created = models.DateTimeField(default=timezone.now, editable=False)
    checked = models.DateTimeField(null=True, editable=False)
    next_check = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    objects = MailDomainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "domain"], name="mail_domain_once_each"),
            models.UniqueConstraint(
                fields=["domain"], condition=Q(proved__isnull=False), name="mail_domain_one_holder"
            ),
            models.CheckConstraint(condition=Q(domain__regex=DOMAIN), name="mail_domain_is_domain"),
            models.CheckConstraint(
                condition=Q(joins="off") | Q(joins__in=["request", "at_once"], proved__isnull=False),
                name="mail_domain_joins_if_proved",
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="mail_domain_role_low"),
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def name(self) -> str:
        """What it is called in the audit log."""
        return self.domain

    @property
    def shown(self) -> str:
        """The domain as people write it: bücher.example for xn--bcher-kva.example."""
        try:
            return self.domain.encode().decode("idna")
        except UnicodeError:
            return self.domain

    @property
    def record(self) -> Proof:
        """The TXT record that proves it."""
        return Proof(f"_{settings.BRAND['SLUG']}-mail.{self.domain}", self.proof, self.domain)

    @property
    def lapses(self) -> datetime | None:
        """When it stops being the organisation's if the proof does not come back."""
        return self.proof_gone + timedelta(days=settings.MAIL_DOMAIN_KEPT_DAYS) if self.proof_gone else None

    @property
    def joins_now(self) -> str:
        """How people join: by request while the proof is gone, since the domain may have another owner then."""
        return self.Joins.REQUEST if self.joins == self.Joins.AT_ONCE and self.proof_gone else self.joins
