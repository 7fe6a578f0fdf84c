"""Addresses in the organisation: what is not the same in its sandbox, and what is taken over from there."""

from django.urls import path

from profiles.backups import views

urlpatterns = [
    path("settings/sandbox/", views.sandbox, name="sandbox"),
    path("settings/sandbox/take/", views.take_from_sandbox, name="take_from_sandbox"),
    path("settings/sandbox/<str:what>/", views.sandbox_rows, name="sandbox_rows"),
]
