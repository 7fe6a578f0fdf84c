"""URLs of both the public site and organisations' sites."""

from django.urls import path

from shared.views import health

urlpatterns = [path("health/", health, name="health")]
