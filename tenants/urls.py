"""Addresses of the public site."""

from django.urls import path

from tenants.views import landing, sign_up

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-up/slug/", sign_up.propose_slug, name="propose_slug"),
]
