"""Addresses of a member's own account."""

from django.urls import path

from profiles.account import preferences, security

urlpatterns = [
    path("account/security/", security.security, name="security"),
    path("account/preferences/", preferences.preferences, name="preferences"),
]
