"""Addresses of exports."""

from django.urls import path

from profiles.exports import views

urlpatterns = [
    path("settings/export/", views.organisation_export, name="organisation_export"),
    path("settings/export/<str:token>/", views.download_export, name="download_export"),
    path("account/data/", views.my_data, name="my_data"),
]
