"""Addresses in the operators' console."""

from django.urls import path

from profiles.support import operator_views

urlpatterns = [
    path("console/organisations/<int:pk>/support/", operator_views.console_support, name="console_support"),
    path(
        "console/organisations/<int:pk>/support/<int:visit>/",
        operator_views.console_enter,
        name="console_enter",
    ),
]
