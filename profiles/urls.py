"""Addresses of an organisation's site: those of each room."""

from django.urls import include, path

ROOMS = ["organisation", "account", "sign_in", "mail", "people", "pictures", "invitations", "members"]

urlpatterns = [path("", include(f"profiles.{room}.urls")) for room in ROOMS]
