"""Addresses of the public site."""

from django.urls import include, path

from tenants.readiness import views

urlpatterns = [
    path("", include("tenants.organisations.urls")),
    path("health/ready/", views.readiness, name="readiness"),
    path("health/all/", views.attention, name="attention"),
]
