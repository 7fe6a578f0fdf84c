"""The list of organisations: its search, filters and orders."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django import forms
from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared.capabilities.registry import imported
from tenants.context import public
from tenants.models import Domain, Tenant
from tenants.organisations.operating import OperatorColumn

UNSEEN_DAYS = 30
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
STATE = Tenant.State
# Each order ends with a unique field. The first is that of an index, so that a page reads no more than its rows.
ORDERS = {
    "slug": ("slug",),
    "members": ("members", "slug"),
    "size": ("size", "slug"),
    "seen": ("seen", "slug"),
    "created": ("created", "slug"),
}
COLUMNS = (
    ("slug", _("Organisation")),
    ("", _("State")),
    ("members", _("Members")),
    ("size", _("Size")),
    ("seen", _("Last seen")),
    ("created", _("Created")),
)
FIRST_DOWN = {"members", "size", "created", "seen"}


class OrganisationFilter(forms.Form):
    """What narrows the list down, beside the search `q`. `sort` is a column's name, downwards with a "-"."""

    CHOICES = (
        ("", _("All")),
        ("active", _("Active")),
        ("suspended", _("Suspended")),
        ("gone", _("Removed")),
        ("behind", _("Behind in migrations")),
        ("unseen", _("No visit for 30 days")),
        ("failing", _("With failed jobs")),
        ("ownerless", _("Without an owner")),
    )
    show = forms.ChoiceField(label=_("Show"), required=False, choices=CHOICES)
    sort = forms.ChoiceField(
        choices=[(sign + name, name) for name in ORDERS for sign in ("", "-")],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for each in imported("operator_filters"):
            self.fields[each.name] = each.field()

    @property
    def order(self) -> str:
        return (self.is_valid() and self.cleaned_data["sort"]) or "slug"

    def narrow(self, text: str) -> "QuerySet[Tenant]":
        """In one statement with the figures of each. All of them if a value is no choice."""
        rows = searched(with_figures(), text)
        if self.is_valid() and (show := self.cleaned_data["show"]):
            rows = rows.filter(condition(show))
        for each in imported("operator_filters"):
            if self.is_valid() and (value := self.cleaned_data[each.name]):
                rows = each.narrow(rows, value)
        sign, name = self.order.removesuffix(self.order.lstrip("-")), self.order.lstrip("-")
        return rows.order_by(*(sign + field for field in ORDERS[name]))

    def columns(self) -> Iterator[dict[str, object]]:
        """What the table's head has: each column's label, the next `sort`, and how it is sorted now."""
        for name, label in COLUMNS:
            up, down = name, f"-{name}"
            first, second = (down, up) if name in FIRST_DOWN else (up, down)
            after = (second if self.order == first else first) if name else ""
            yield {"label": label, "next": after, "sorted": {up: "ascending", down: "descending"}.get(self.order, "")}
        for each in added_columns("list"):
            yield {"label": each.label, "next": "", "sorted": ""}


Where = Literal["list", "page", "file"]


def added_columns(*where: Where) -> list[OperatorColumn]:
    return [column for column in imported("operator_columns") if column.where in where and column.is_shown()]


def added(tenants: Sequence[Tenant], *where: Where) -> dict[int, list[tuple[OperatorColumn, str]]]:
    """What apps say of each of these organisations, by primary key: for each of their columns a text, or ""."""
    with public():
        columns = [(column, column.values(tenants)) for column in added_columns(*where)]
    return {tenant.pk: [(column, values.get(tenant.pk, "")) for column, values in columns] for tenant in tenants}


def with_figures() -> "QuerySet[Tenant]":
    """All organisations, also those that are gone. One that has not been counted yet is sorted as empty."""
    return (
        Tenant.objects.exclude(slug=None)
        .select_related("census")
        .annotate(
            members=Coalesce(F("census__members"), 0),
            size=Coalesce(
                F("census__schema_bytes") + F("census__file_bytes"), Value(0), output_field=BigIntegerField()
            ),
            seen=Coalesce(F("census__last_seen"), Value(NEVER, output_field=DateTimeField())),
        )
    )


def searched(rows: "QuerySet[Tenant]", text: str) -> "QuerySet[Tenant]":
    """By a part of the name, of the slug or of a host name, or by the whole name of the schema."""
    text = text.replace("\0", "").strip()[:100]
    if not text:
        return rows
    hosts = Domain.objects.filter(tenant=OuterRef("pk"), domain__icontains=text)
    return rows.filter(Q(name__icontains=text) | Q(slug__icontains=text) | Q(schema_name=text) | Q(Exists(hosts)))


def condition(show: str) -> Q:
    served = Q(state__in=[STATE.ACTIVE, STATE.SUSPENDED])
    template = Tenant.objects.filter(state=STATE.TEMPLATE).values("fingerprint")[:1]
    long_ago = timezone.now() - timedelta(days=UNSEEN_DAYS)
    return {
        "active": Q(state=STATE.ACTIVE),
        "suspended": Q(state=STATE.SUSPENDED),
        "gone": Q(state__in=Tenant.GONE),
        "behind": served & ~Q(fingerprint=template),
        "unseen": served & Q(census__isnull=False, seen__lt=long_ago, created__lt=long_ago),
        "failing": served & Q(census__failed_jobs__gt=0),
        "ownerless": served & Q(census__owners=0),
    }[show]
