"""Addresses in the operators' console."""

from django.urls import path

from profiles.announcements import operator_views as views

urlpatterns = [
    path("console/announcements/", views.announcements, name="announcements"),
    path("console/announcements/new/", views.new_announcement, name="new_announcement"),
    path("console/announcements/<int:pk>/", views.edit_announcement, name="edit_announcement"),
    path("console/announcements/<int:pk>/end/", views.end_announcement, name="end_announcement"),
]
