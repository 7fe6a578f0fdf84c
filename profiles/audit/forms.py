"""The filters of the audit log."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.audit.models import EntryQuerySet, of_kind
from profiles.models import User
from shared.capabilities.registry import audit_kinds

# At most this many members found by a search are looked for. To find one of many, type more of the name.
MOST = 50


def kind_choices() -> list[tuple[str, str]]:
    return [("", gettext("Any action")), *sorted(((k, str(label)) for k, label in audit_kinds().items()), key=label_of)]


def label_of(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class Day(forms.DateField):
    """A day that has a next one, and a midnight in every time zone."""

    default_validators = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(9999, 1, 1))]
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryFilter(forms.Form):
    """Beside the search (`q`), which finds what members did or what was done to them. A value that is wrong narrows
    nothing.
    """

    kind = forms.ChoiceField(label=_("Action"), choices=lazy(kind_choices, list), required=False)
    since = Day(label=_("From"), required=False)
    until = Day(label=_("Until"), required=False)
    # From a person's page, and from links in the list: who did it, or what it was done to, members who have left too.
    member = forms.IntegerField(min_value=0, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)
    term = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        self.is_valid()
        asked = self.cleaned_data
        if text := self.data.get("q", "").replace("\0", "").strip():
            found = User.objects.search(text, by_email=True, as_manager=True).values_list("pk", flat=True)[:MOST]
            entries = entries.concerning(found)
        if member := asked.get("member"):
            entries = entries.concerning([member])
        if terms := [*filter(None, [asked.get("term"), asked.get("kind") and of_kind(asked["kind"])])]:
            entries = entries.having(*terms)
        if since := asked.get("since"):
            entries = entries.filter(at__gte=midnight(since))
        if until := asked.get("until"):
            entries = entries.filter(at__lt=midnight(until + timedelta(days=1)))
        return entries
