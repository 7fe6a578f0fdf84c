"""Addresses of bulk actions."""

from django.urls import path

from profiles.bulk_actions import views

urlpatterns = [
    path("members/bulk/", views.confirm, name="bulk"),
    path("members/bulk/<uuid:pk>/", views.run, name="bulk_run"),
    path("members/bulk/<uuid:pk>/undo/", views.undo, name="undo_bulk_run"),
]
