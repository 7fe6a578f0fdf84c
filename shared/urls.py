"""URLs of the public site and of the process's health check."""

from django.urls import include, path

from shared.views import health

patterns = [path("health/", health, name="health")]

urlpatterns = [*patterns, path("", include("shared.site_urls"))]
