"""The address at which members change their username."""

from django.urls import path

from profiles.renaming import views

urlpatterns = [path("account/username/", views.change_username, name="change_username")]
