"""The address of the one-time link that signs a member in."""

from django.urls import path

from profiles.sign_in import hand_off

urlpatterns = [
    path("hand-off/<str:token>/", hand_off.hand_off, name="hand_off"),
]
