"""The form for a member's preferences about notifications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.notices.models import Preference
from profiles.notices.ways import Way, choose, kinds_for, ways_of
from shared.capabilities.registry import notice_kinds


class PreferencesForm(forms.Form):
    """Two fields per kind that this member can receive."""

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.kinds = kinds_for(member)
        ways = ways_of(member)
        for kind in self.kinds:
            shown = forms.BooleanField(label=_("Here"), required=False, initial=ways[kind].shown)
            mail = forms.ChoiceField(label=_("By email"), choices=Preference.Mail.choices, initial=ways[kind].mail)
            self.fields |= {f"{kind}-shown": shown, f"{kind}-mail": mail}
            for field, column in ((shown, "way-shown"), (mail, "way-mail")):
                field.widget.attrs["aria-labelledby"] = f"{kind} {column}"  # ids in the template

    def rows(self) -> list[tuple[str, Any, forms.BoundField, forms.BoundField]]:
        """Each kind's label and two fields."""
        labels = {kind: notice_kinds()[kind].label for kind in self.kinds}
        return [(kind, label, self[f"{kind}-shown"], self[f"{kind}-mail"]) for kind, label in labels.items()]

    def save(self) -> None:
        asked = self.cleaned_data
        choose(self.member, {kind: Way(asked[f"{kind}-shown"], asked[f"{kind}-mail"]) for kind in self.kinds})
