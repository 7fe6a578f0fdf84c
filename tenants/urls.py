"""Addresses of the public site."""

from django.urls import include, path

from tenants.views import readiness

urlpatterns = [
    path("", include("tenants.organisations.urls")),
    path("health/ready/", readiness.readiness, name="readiness"),
]
