"""The pages behind the links in mails about an email address and a new password.

Opening a link changes nothing: it may be opened by a program that looks for harmful pages, or in a browser where
another member is signed in. allauth would sign that member out then.
"""

from typing import Any

from allauth.account import views as allauth
from django.http import HttpResponse

from profiles.models import User
from profiles.sign_in.account import ResetPasswordKeyForm


class OfOneMember:
    """Leaves another member signed in, and has the page say who that is, and whose link it is."""

    def logout(self) -> None:
        """allauth calls it as soon as another member's link is opened."""

    def other(self, member: User | None) -> User | None:
        """The member of the link, if another member is signed in."""
        viewer = self.request.user  # type: ignore[attr-defined]  # of the view, which comes after this one
        return member if member and viewer.is_authenticated and member.pk != viewer.pk else None


class ConfirmEmailView(OfOneMember, allauth.ConfirmEmailView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member = self.object.email_address.user if self.object else None
        return {**super().get_context_data(**kwargs), "other": self.other(member)}


class NewPasswordView(OfOneMember, allauth.PasswordResetFromKeyView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "other": self.other(self.reset_user)}

    def form_valid(self, form: ResetPasswordKeyForm) -> HttpResponse:
        """Sign another member out, as the button says: the next page is about the account with the new password."""
        response = super().form_valid(form)
        if self.other(self.reset_user):
            super(OfOneMember, self).logout()  # allauth's
        return response


confirm_email = ConfirmEmailView.as_view()
new_password = NewPasswordView.as_view()
