"""OwnDomain, in `public`: which hosts organisations have added, and what the last check of each has found."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared.dns_proofs import NOT_CHECKED, UNANSWERED
from tenants.models import Tenant

# Labels of a host name in lower case, two at least; an international one as "xn--…".
HOST = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
# The TXT record's name is longer by a label.
MAX_LENGTH = 220
RIGHT = ["", UNANSWERED]


def new_proof() -> str:
    """What the TXT record has to say. It differs between organisations, so that none can use the record of another."""
    return f"{settings.BRAND['SLUG']}-domain={secrets.token_hex(16)}"


class OwnDomainQuerySet(models.QuerySet["OwnDomain"]):
    def due(self) -> Self:
        return self.filter(next_check__lte=timezone.now(), tenant__state=Tenant.State.ACTIVE)

    def live(self) -> Self:
        return self.filter(state=OwnDomain.State.LIVE)


class OwnDomain(models.Model):
    """A host that an organisation has added. It is the organisation's alone from the moment when it is proved.

    Any number of organisations may have added a host without proving it. Otherwise the first to add a host could keep
    its real owner from using it. A host that leads to its organisation also has a Domain (tenants/models.py).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for the proof")
        PROVED = "proved", _("Proved")
        LIVE = "live", _("Live")
        FAILING = "failing", _("Failing")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="own_domains", db_index=False)
    host = models.CharField(_("Domain"), max_length=MAX_LENGTH)
    proof = models.CharField(max_length=100, default=new_proof, editable=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING, editable=False)
    since = models.DateTimeField(default=timezone.now, editable=False)  # it is in this state
    # Words of mistakes (words.py), "" where the record is right; and what the records say instead.
    proof_error = models.CharField(max_length=20, default=NOT_CHECKED, blank=True, editable=False)
    address_error = models.CharField(max_length=20, default=NOT_CHECKED, blank=True, editable=False)
    found = models.CharField(max_length=200, default="", blank=True, editable=False)
    proof_gone = models.DateTimeField(null=True, editable=False)
    is_reminded = models.BooleanField(default=False, editable=False)
    checked = models.DateTimeField(null=True, editable=False)
    next_check = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    objects = OwnDomainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "host"], name="own_domain_once_each"),
            models.UniqueConstraint(fields=["host"], condition=~Q(state="pending"), name="own_domain_one_holder"),
            models.CheckConstraint(condition=Q(host__regex=HOST), name="own_domain_is_host"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "proved", "live", "failing"]), name="own_domain_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(proof_error__in=RIGHT, address_error__in=RIGHT),
                name="own_domain_live_is_right",
            ),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def name(self) -> str:
        """What it is called in the audit log."""
        return self.host

    @property
    def shown(self) -> str:
        """The host as people write it: bücher.example for xn--bcher-kva.example."""
        try:
            return self.host.encode().decode("idna")
        except UnicodeError:
            return self.host

    @property
    def is_held(self) -> bool:
        return self.state != self.State.PENDING

    @property
    def proof_host(self) -> str:
        """The name of the TXT record. A host with a CNAME record can have no other record of its own."""
        return f"_{settings.BRAND['SLUG']}.{self.host}"

    @property
    def released_at(self) -> datetime | None:
        """When it stops being the organisation's if the proof does not come back."""
        return self.proof_gone + timedelta(days=settings.OWN_DOMAIN_KEPT_DAYS) if self.proof_gone else None


def target() -> str:
    """The host that a CNAME record has to name."""
    return settings.OWN_DOMAIN_TARGET or settings.BASE_DOMAIN
