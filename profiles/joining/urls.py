"""Addresses of the join link and of requests to join."""

from django.urls import path

from profiles.joining import managing, views

urlpatterns = [
    path("settings/joining/", managing.joining, name="joining"),
    path("settings/joining/link/", managing.make_link, name="make_join_link"),
    path("settings/joining/link/end/", managing.end_link, name="end_join_link"),
    path("members/requests/", managing.join_requests, name="join_requests"),
    path("members/requests/<int:pk>/approve/", managing.approve, name="approve_join_request"),
    path("members/requests/<int:pk>/decline/", managing.decline, name="decline_join_request"),
    path("join/ask/", views.ask_to_join, name="ask_to_join"),
    path("join/sent/", views.sent, name="join_sent"),
    path("join/<str:token>/", views.join_by_link, name="join_by_link"),
]
