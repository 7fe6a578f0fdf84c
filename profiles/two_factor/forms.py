"""allauth's forms of the second factor, with a maximum length for each text field (MFA_FORMS)."""

from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from profiles.sign_in.account import Bounded
from profiles.sign_in.limited import Limited


class CodeForm(Bounded, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(Limited, Bounded, mfa.ReauthenticateForm):
    limit = "confirm_password"


class ActivateForm(Bounded, totp.ActivateTOTPForm):
    pass
