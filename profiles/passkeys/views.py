"""allauth's pages of passkeys, for passkeys that sign in without a password."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.webauthn import views as allauth
from allauth.mfa.webauthn.internal import auth
from django.http import HttpResponse
from django.utils.decorators import method_decorator


@method_decorator(redirect_if_add_not_allowed, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class AddView(allauth.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's view loses the form with its errors, and lets JavaScript ask for the kind of key."""
        form = kwargs.get("form") or self.get_form()
        options = auth.begin_registration(self.request.user, True)
        return {"form": form, "view": self, "options": options}


class ConfirmView(allauth.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """allauth sends members to the sign-in page, from where they would come home."""
        return self.render_to_response(self.get_context_data(form=form) | {"form": form})


add = AddView.as_view()
confirm = ConfirmView.as_view()
