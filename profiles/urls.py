"""URLs of an organisation's site, from each folder of this app."""

from django.urls import include, path

ROOMS = ["organisation", "account", "sign_in", "mail", "people", "pictures", "invitations", "members"]

urlpatterns = [path("", include(f"profiles.{room}.urls")) for room in ROOMS]
