"""Addresses of signing in: the one-time link, and allauth's pages."""

from django.urls import include, path

from profiles.sign_in import hand_off

urlpatterns = [
    path("hand-off/<str:token>/", hand_off.hand_off, name="hand_off"),
    path("account/", include("allauth.account.urls")),
]
