"""The form of the console's action: the plan, its end, what follows, and what was agreed with the organisation."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from profiles.plans.models import HeldPlan
from shared.capabilities.registry import allowances
from tenants.context import public
from tenants.organisations.operating import ReasonForm

UNLIMITED = "unlimited"
GB = 1024**3
UTC = ZoneInfo("UTC")
AGREED = "agreed_"


class AgreedField(forms.CharField):
    """What was agreed with one organisation: "" for nothing, None for no limit. Bytes are entered in GB.

    What always has a limit (Allowance.otherwise) needs a number.
    """

    def __init__(self, *, label: Any, factor: int = 1, always_limited: bool = False) -> None:
        attrs = {"autocomplete": "off", "size": 12}
        help_text = _("Empty: as the plan says. A number, or “unlimited”.")
        self.unlimited = "" if always_limited else UNLIMITED
        if always_limited:
            help_text = _("Empty: as the plan says. Or a number.")
        widget = forms.TextInput(attrs=attrs)
        super().__init__(label=label, required=False, max_length=12, help_text=help_text, widget=widget)
        self.factor = factor

    def prepare_value(self, value: Any) -> Any:
        return UNLIMITED if value is None else value // self.factor if isinstance(value, int) else value

    def clean(self, value: Any) -> int | str | None:
        typed = super().clean(value).lower()
        if typed in ("", self.unlimited):
            return None if typed else ""
        if not (typed.isascii() and typed.isdecimal()):
            if not self.unlimited:
                raise ValidationError(_("Enter a whole number, or nothing."), code="invalid")
            raise ValidationError(_("Enter a whole number, “unlimited”, or nothing."), code="invalid")
        return int(typed) * self.factor


class PlanForm(ReasonForm):
    plan = forms.ChoiceField(label=_("Plan"))
    until = forms.DateField(
        label=_("Until (UTC)"),
        required=False,
        help_text=_("For a trial, or a plan that was cancelled. It ends at the end of this day. Empty: no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    after = forms.ChoiceField(label=_("Then"), required=False, help_text=_("The plan that follows, if this one ends."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with public():
            row = HeldPlan.objects.filter(tenant=self.tenant.pk).first() or HeldPlan(plan=settings.DEFAULT_PLAN)
        plans = [(name, plan.title) for name, plan in settings.PLANS.items()]
        for each_field, initial in (("plan", row.plan), ("after", row.after or settings.AFTER_TRIAL)):
            self.fields[each_field].choices = plans  # type: ignore[attr-defined]
            self.fields[each_field].initial = initial
        self.fields["until"].initial = row.until.astimezone(UTC).date() if row.until else None
        for name, each in allowances().items():
            label = _("%(allowance)s, if agreed otherwise") % {"allowance": label_of(each.label, each.unit)}
            factor = GB if each.unit == "bytes" else 1
            field = AgreedField(label=label, factor=factor, always_limited=bool(each.otherwise))
            field.initial = row.exceptions.get(name, "")
            self.fields[AGREED + name] = field
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean_until(self) -> datetime | None:
        day = self.cleaned_data["until"]
        return datetime.combine(day, time.max, tzinfo=UTC) if day else None

    def clean(self) -> dict[str, Any]:
        """The agreed allowances by name in `exceptions`."""
        values = super().clean() or self.cleaned_data
        agreed = {name.removeprefix(AGREED): value for name, value in values.items() if name.startswith(AGREED)}
        values["exceptions"] = {name: value for name, value in agreed.items() if value != ""}
        return values


def label_of(label: str | Promise, unit: str) -> str | Promise:
    """With the unit in which it is entered."""
    units = {"bytes": "GB", "days": _("days")}
    return f"{label} ({units[unit]})" if unit in units else label
