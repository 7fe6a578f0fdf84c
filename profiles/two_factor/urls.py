"""Addresses of two-factor sign-in: the authenticator app and recovery codes, of allauth."""

from django.urls import include, path

from profiles.two_factor import views

urlpatterns = [
    path("account/2fa/", include("allauth.mfa.base.urls")),
    path("account/2fa/totp/", include("allauth.mfa.totp.urls")),
    path("account/2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("members/<username:username>/two-factor/reset/", views.reset_two_factor, name="reset_two_factor"),
]
