"""The form for an organisation's welcome text."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.welcome.models import Welcome
from tenants.events import emit


class WelcomeForm(forms.ModelForm):
    class Meta:
        model = Welcome
        fields = ["text"]
        labels = {"text": _("Welcome text")}
        help_texts = {"text": _("Plain text. A blank line starts a new paragraph. Web addresses become links.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    theirs: Welcome | None = None  # The text that a colleague has saved since this form was opened.

    @transaction.atomic
    def save_by(self, editor: User, *, seen: str | None = None) -> bool:
        """Save the text, also if two people write the first one at the same moment.

        Returns False, with an error on the form, if the text has changed since its editor opened the form.
        """
        now = Welcome.objects.select_for_update(of=["self"]).select_related("updated_by").filter(pk=1).first()
        if now and seen is not None and seen != now.version and now.text != self.cleaned_data["text"]:
            self.theirs = now
            self.add_error("text", _("This text has changed since you opened the page. Save again to replace it."))
            return False
        values = {"text": self.cleaned_data["text"], "updated_by": editor}
        welcome, _is_new = Welcome.objects.update_or_create(pk=1, defaults=values)
        emit("welcome.changed", welcome, by=editor, text=None)
        return True
