"""The form of a webhook: its address, and which events are sent there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from profiles.webhooks.addresses import target
from profiles.webhooks.models import Endpoint
from profiles.webhooks.patterns import check_patterns
from shared.capabilities.registry import audit_kinds


def families() -> dict[str, list[tuple[str, Any]]]:
    """All events, grouped by the part before the dot: "member" has "member.joined" and its label."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for kind, label in sorted(audit_kinds().items()):
        found.setdefault(kind.partition(".")[0], []).append((kind, label))
    return found


class EndpointForm(forms.ModelForm):
    class Meta:
        model = Endpoint
        fields = ["url", "events", "description", "is_active"]
        help_texts = {
            "url": gettext_lazy("Events are sent here by POST. It has to begin with https:// and be public."),
            "events": gettext_lazy("Names with spaces between. An asterisk stands for the rest: member.* or *"),
            "description": gettext_lazy("What it is for."),
        }
        widgets = {
            "url": forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "https://"}),
            "events": forms.Textarea(attrs={"dir": "ltr", "rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        }

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        target(url)
        return url

    def clean_events(self) -> str:
        """Without duplicates, each matching an event. `*` replaces all others."""
        patterns = list(dict.fromkeys(self.cleaned_data["events"].replace(",", " ").split()))
        if not patterns:
            raise ValidationError(self.fields["events"].error_messages["required"], code="required")
        check_patterns(patterns)
        return "*" if "*" in patterns else " ".join(patterns)
