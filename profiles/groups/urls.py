"""Addresses of groups."""

from django.urls import path

from profiles.groups import views

urlpatterns = [
    path("groups/", views.groups, name="groups"),
    path("groups/new/", views.new_group, name="new_group"),
    path("groups/<int:pk>/", views.group, name="group"),
    path("groups/<int:pk>/edit/", views.edit_group, name="edit_group"),
    path("groups/<int:pk>/delete/", views.delete_group, name="delete_group"),
    path("groups/<int:pk>/add/", views.add_to_group, name="add_to_group"),
    path("groups/<int:pk>/take-out/", views.take_out_of_group, name="take_out_of_group"),
]
