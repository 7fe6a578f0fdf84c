"""A form that is counted each time it is sent, and says itself when it may be sent again."""

from allauth.core import context
from django import forms
from django.forms.utils import ErrorDict

from tenants.limits.forms import refusal_of


class Limited(forms.Form):
    """Counts before it looks at any field: what was sent too often says nothing about a password or an address.

    In place of allauth's own limits, which answer with a page that has lost the form.
    """

    limit: str  # In LIMITS.

    def full_clean(self) -> None:
        refusal = refusal_of(context.request, self.limit, account=self.account()) if self.is_bound else None
        if refusal is None:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        self.add_error(None, refusal)

    def account(self) -> str:
        """Who is counted, within the organisation."""
        return str(context.request.user.pk)
