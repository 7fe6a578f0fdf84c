"""Addresses of the list of sessions."""

from django.urls import path

from profiles.sessions import views

urlpatterns = [
    path("account/sessions/", views.sessions, name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", views.end, name="end_session"),
]
