"""Addresses of the list of sessions."""

from django.urls import path

from profiles.sessions import views

urlpatterns = [
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/<str:name>/end/", views.end, name="end_session"),
]
