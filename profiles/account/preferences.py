"""A member's language and theme."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from profiles.language import lazy_language_choices
from profiles.models import User
from profiles.requests import MemberRequest

THEMES = [("", _("As my device is set")), ("light", _("Light")), ("dark", _("Dark"))]


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lazy_language_choices(gettext_noop("As in my browser")),
        help_text=_("Of pages and emails."),
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=THEMES, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["language", "theme"]


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        request.user.save(update_fields=["language", "theme"])
        with translation.override(request.user.language or translation.get_language()):
            messages.success(request, translation.gettext("Your preferences were saved."))
        return redirect("preferences")
    return render(request, "profiles/preferences.html", {"form": form})
