"""Addresses of the sign-up page."""

from django.urls import path

from tenants.registration import views

urlpatterns = [
    path("sign-up/", views.sign_up, name="sign_up"),
    path("sign-up/slug/", views.propose_slug, name="propose_slug"),
]
