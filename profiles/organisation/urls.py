"""Addresses of an organisation's home, settings and logo."""

from django.urls import path

from profiles.organisation import home, logo, settings

urlpatterns = [
    path("", home.home, name="home"),
    path("settings/", settings.settings, name="settings"),
    path("logo/<slug:name>.webp", logo.logo, name="logo"),
]
