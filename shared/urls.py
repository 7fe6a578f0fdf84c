"""Addresses that serve every kind of site."""

from django.urls import path

from shared.views import health

urlpatterns = [path("health/", health, name="health")]
