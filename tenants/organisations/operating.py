"""What apps add to the operators' console: actions on an organisation, and filters and columns of the list of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.context import public, within
from tenants.events import emit
from tenants.models import Tenant
from tenants.organisations.fields import OneLineField


class ReasonForm(forms.Form):
    """What every action asks for. It is kept in the operators' own activity log."""

    reason = OneLineField(label=_("Reason"), min_length=10, max_length=300, help_text=_("Only operators see this."))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.order_fields([name for name in self.fields if name != "reason"])


class OperatorAction:
    """An action of the console. Its kind in the operators' activity log is `console.` and its name (audit_kinds)."""

    name: ClassVar[str]  # in its address
    label: ClassVar[str | Promise]
    consequence: ClassVar[str | Promise] = ""
    order: ClassVar[int] = 50
    is_dangerous: ClassVar[bool] = False
    asks_password: ClassVar[bool] = False
    shows_people: ClassVar[bool] = False  # what do() returns names members: it is shown at once, and in no message
    form: ClassVar[type[ReasonForm]] = ReasonForm
    url_name: ClassVar[str] = ""  # a page of its own, with the organisation's primary key, in place of the common one

    @property
    def kind(self) -> str:
        return f"console.{self.name}"

    def is_offered(self, tenant: Tenant) -> bool:
        """Does the organisation's state allow it? For an active one it costs no statement."""
        return tenant.state == Tenant.State.ACTIVE

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str | Promise:
        """Do it in a transaction, as an operator (tenants.events.operated_by), and return what was done.

        Outside of all organisations. Raises ValidationError, or WrongState, if it cannot be done.
        """
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class OperatorFilter:
    """A field of the form above the list (Capability.operator_filters). An empty value does not filter.

    `narrow` takes rows that have their figures beside them: `census__more__notes` is what the app counts as "notes".
    """

    name: str  # in the address
    field: Callable[[], forms.Field]
    narrow: Callable[["QuerySet[Tenant]", Any], "QuerySet[Tenant]"]


def always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class OperatorColumn:
    """A column of the list and a line on an organisation's page, that line alone, or a column of the file.

    `values` takes the organisations of one page, or of one part of the file, in `public`, and returns a text for each
    primary key that has one, in a constant number of statements. In the list, line breaks in it are kept.
    `is_shown` says whether this installation has the column at all.
    """

    name: str  # in the file; not translated, since programs read it
    where: Literal["list", "page", "file"]
    label: str | Promise = ""  # in the list
    values: Callable[[Sequence[Tenant]], Mapping[int, str]]
    is_shown: Callable[[], bool] = always


def note(kind: str, tenant: Tenant, **changes: Any) -> None:
    """An entry about an organisation in the operators' own activity log, if there are operators."""
    with public():
        operators = Tenant.objects.active().filter(is_operators=True).first()
    if operators:
        with within(operators), transaction.atomic():
            emit(kind, tenant, **changes)
