"""Addresses of the directory and of profiles."""

from django.urls import path

from profiles.people import views

urlpatterns = [
    path("profile/", views.my_profile, name="my_profile"),
    path("profile/edit/", views.edit_my_profile, name="edit_my_profile"),
    path("people/", views.people, name="people"),
    path("members/deactivated/", views.deactivated, name="deactivated"),
    path("people/<username:username>/", views.person, name="person"),
    path("people/<username:username>/edit/", views.edit_profile, name="edit_profile"),
]
