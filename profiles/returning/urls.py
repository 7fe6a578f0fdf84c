"""Addresses at which former members are invited back."""

from django.urls import path

from profiles.returning import views

urlpatterns = [
    path("members/former/", views.former_members, name="former_members"),
    path("members/former/<uuid:pk>/invite/", views.invite_back, name="invite_back"),
    path("members/former/<uuid:pk>/forget/", views.forget, name="forget_former_member"),
]
