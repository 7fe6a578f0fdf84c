"""Addresses of the fields that an organisation defines."""

from django.urls import path

from profiles.custom_fields import suggesting, views

urlpatterns = [
    path("settings/fields/", views.fields, name="custom_fields"),
    path("settings/fields/new/", views.new_field, name="new_custom_field"),
    path("settings/fields/<slug:field_key>/", views.edit_field, name="edit_custom_field"),
    path("settings/fields/<slug:field_key>/type/", views.retype_field, name="retype_custom_field"),
    path("settings/fields/<slug:field_key>/delete/", views.delete_field, name="delete_custom_field"),
    path("settings/fields/<slug:field_key>/restore/", views.restore_field, name="restore_custom_field"),
    path("settings/fields/<slug:field_key>/move/", views.move_field, name="move_custom_field"),
    path("suggest/people/", suggesting.people, name="suggest_people"),
    path("people/<username:username>/fields/", views.fill_in, name="fill_in_custom_fields"),
]
