"""A form that counts each time it is sent, and says when it may be sent again."""

from allauth.core import context
from django import forms
from django.forms.utils import ErrorDict

from tenants.limits.forms import refusal_of


class Limited(forms.Form):
    """Counts before it checks any field: beyond the limit, it says nothing about a password or an address.

    allauth's own limits answer with a page that has lost the form.
    """

    limit: str  # a name in LIMITS

    def full_clean(self) -> None:
        refusal = refusal_of(context.request, self.limit, account=self.account()) if self.is_bound else None
        if refusal is None:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        self.add_error(None, refusal)

    def account(self) -> str:
        """The key that is counted, within the organisation."""
        return str(context.request.user.pk)
