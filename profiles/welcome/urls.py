"""The address where the welcome text is edited."""

from django.urls import path

from profiles.welcome import views

urlpatterns = [
    path("welcome/edit/", views.edit_welcome, name="edit_welcome"),
]
