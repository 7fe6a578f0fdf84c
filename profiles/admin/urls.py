"""Addresses of Django's admin."""

from django.urls import path

from profiles.admin import profiles, users  # noqa: F401  register their models
from profiles.admin.site import site

urlpatterns = [path("admin/", site.urls)]
