"""Addresses of two-factor sign-in: the authenticator app and recovery codes, of allauth."""

from allauth.mfa.base.views import authenticate
from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.urls import include, path
from django.views.decorators.cache import never_cache

from profiles.two_factor import views

setattr(authenticate, "signs_in", True)  # noqa: B010  the second step of signing in, which is open in a sandbox, too

urlpatterns = [
    path("account/2fa/", include("allauth.mfa.base.urls")),
    path("account/2fa/totp/", include("allauth.mfa.totp.urls")),
    # Before allauth's own, which browsers may keep: the codes are shown once.
    path("account/2fa/recovery-codes/", never_cache(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("members/<username:username>/two-factor/reset/", views.reset_two_factor, name="reset_two_factor"),
]
