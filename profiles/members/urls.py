"""URLs for managing members, and for leaving."""

from django.urls import path

from profiles.members import leave, views

urlpatterns = [
    path("leave/", leave.leave, name="leave"),
    path("members/", views.members, name="members"),
    path("members/<username:username>/role/", views.change_role, name="change_role"),
    path("members/<username:username>/deactivate/", views.deactivate, name="deactivate"),
    path("members/<username:username>/reactivate/", views.reactivate, name="reactivate"),
    path("members/<username:username>/remove/", views.remove, name="remove"),
]
