"""The address of the landing page."""

from django.urls import path

from tenants.organisations import landing

urlpatterns = [path("", landing.landing, name="landing")]
