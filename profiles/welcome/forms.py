"""The form for an organisation's welcome text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.welcome.models import Welcome


class WelcomeForm(forms.ModelForm):
    class Meta:
        model = Welcome
        fields = ["text"]
        labels = {"text": _("Welcome text")}
        help_texts = {"text": _("Plain text. A blank line starts a new paragraph. Web addresses become links.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def save_by(self, editor: User) -> None:
        """Keep the text, also where two people write the first one at the same moment."""
        Welcome.objects.update_or_create(pk=1, defaults={"text": self.cleaned_data["text"], "updated_by": editor})
