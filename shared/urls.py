"""Addresses of the public site, and of the process."""

from django.urls import include, path

from shared.views import health

urlpatterns = [path("health/", health, name="health"), path("", include("shared.site_urls"))]
