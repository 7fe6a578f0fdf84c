"""Addresses of the directory and of profiles."""

from django.urls import path

from profiles.people import export, views

urlpatterns = [
    path("profile/", views.my_profile, name="my_profile"),
    path("profile/edit/", views.edit_my_profile, name="edit_my_profile"),
    path("people/", views.people, name="people"),
    path("people/people.csv", export.people, name="export_people"),
    path("members/deactivated.csv", export.deactivated, name="export_deactivated"),
    path("members/deactivated/", views.deactivated, name="deactivated"),
    path("people/<username:username>/", views.person, name="person"),
    path("people/<username:username>/edit/", views.edit_profile, name="edit_profile"),
]
