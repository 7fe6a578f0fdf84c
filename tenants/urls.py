"""Addresses of the public site."""

from django.urls import path

from tenants.organisations import landing
from tenants.registration import views

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("sign-up/", views.sign_up, name="sign_up"),
    path("sign-up/slug/", views.propose_slug, name="propose_slug"),
]
