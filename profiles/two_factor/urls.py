"""Addresses of two-factor sign-in."""

from django.urls import include, path

from profiles.two_factor import views

urlpatterns = [
    path("account/2fa/", include("allauth.mfa.urls")),
    path("members/<username:username>/two-factor/reset/", views.reset_two_factor, name="reset_two_factor"),
]
