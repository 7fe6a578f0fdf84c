"""The state of backups for operators: on an organisation's page, in the file, and a filter for what needs a person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from profiles.backups.models import Backup
from profiles.backups.scheduling import organisations
from profiles.backups.state import annotated, is_stale, states
from tenants.models import Tenant
from tenants.organisations.operating import OperatorColumn, OperatorFilter

# By the words of profiles.backups.state.
WORDS = {
    "faulty": _("Faulty in its trial"),
    "failed": _("Failed"),
    "stale": _("Stale"),
    "none yet": _("None yet"),
    "verified": _("Verified"),
    "not verified yet": _("Not verified yet"),
}
ALARMING = ("faulty", "failed", "stale")


def names(tenants: Sequence[Tenant]) -> dict[int, str]:
    """Of each organisation that is backed up, in one statement."""
    keys = {tenant.slug: tenant.pk for tenant in tenants}
    return {keys[state.slug]: state.word for state in states(organisations().filter(pk__in=keys.values()))}


def words(tenants: Sequence[Tenant]) -> dict[int, str]:
    return {key: str(WORDS[name]) for key, name in names(tenants).items()}


def field() -> forms.Field:
    choices = [("", _("Any state")), *((word, WORDS[word]) for word in ALARMING)]
    return forms.ChoiceField(label=_("Backup"), required=False, choices=choices)


def narrowed(rows: "QuerySet[Tenant]", value: str) -> "QuerySet[Tenant]":
    conditions: dict[str, Any] = {
        "faulty": Q(tried_faults__gt=""),
        "failed": Q(newest_state=Backup.State.FAILED),
        "stale": is_stale(),
    }
    bad = annotated(organisations()).filter(conditions[value])
    return rows.filter(pk__in=bad.values("pk"))


BACKUP = OperatorColumn(name="backup", label=_("Backup"), where="page", values=words)
IN_FILE = OperatorColumn(name="backup", where="file", values=names)
BY_BACKUP = OperatorFilter(name="backup", field=field, narrow=narrowed)
