"""Addresses of two-factor sign-in."""

from django.urls import include, path

urlpatterns = [path("account/2fa/", include("allauth.mfa.urls"))]
