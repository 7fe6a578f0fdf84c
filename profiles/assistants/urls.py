"""Addresses of assistants."""

from django.urls import path

from profiles.assistants import views

urlpatterns = [
    path("mcp/", views.mcp, name="mcp"),
    path("account/assistants/", views.assistants, name="assistants"),
]
