"""Addresses on the public site."""

from django.urls import path

from profiles.finding import views

urlpatterns = [
    path("find/", views.find, name="find"),
    path("find/sent/", views.find_sent, name="find_sent"),
    path("find/forget/", views.forget_organisations, name="forget_organisations"),
]
