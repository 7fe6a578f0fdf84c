"""Addresses in the operators' console."""

from django.urls import path

from profiles.console_sandboxes import row_views, views

PLACE = "console/organisations/<int:pk>/sandbox/"

urlpatterns = [
    path(PLACE, views.console_sandbox, name="console_sandbox"),
    path(f"{PLACE}actions/<slug:name>/", views.console_sandbox_action, name="console_sandbox_action"),
    path(f"{PLACE}rows/<str:what>/", row_views.console_sandbox_rows, name="console_sandbox_rows"),
    path(f"{PLACE}take/<str:what>/", row_views.console_sandbox_take, name="console_sandbox_take"),
]
