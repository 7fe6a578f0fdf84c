"""Addresses of Django's admin."""

from django.urls import path
from django.utils.module_loading import autodiscover_modules

from profiles.admin import profiles, users  # noqa: F401  register their models
from profiles.admin.site import site

autodiscover_modules("admin")  # those of the product's own apps

urlpatterns = [path("admin/", site.urls)]
