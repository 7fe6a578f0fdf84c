"""The address of the list of sessions."""

from django.urls import include, path

urlpatterns = [path("account/sessions/", include("allauth.usersessions.urls"))]
