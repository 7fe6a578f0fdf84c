"""The address where an owner deletes the organisation."""

from django.urls import path

from profiles.leaving import views

urlpatterns = [path("settings/delete/", views.delete_organisation, name="delete_organisation")]
