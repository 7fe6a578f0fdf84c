"""Addresses of handing over the ownership."""

from django.urls import path

from profiles.ownership import views

urlpatterns = [
    path("settings/ownership/", views.hand_over, name="hand_over"),
    path("settings/ownership/withdraw/", views.withdraw, name="withdraw_ownership_offer"),
    path("ownership/<int:pk>/", views.ownership_offer, name="ownership_offer"),
    path("ownership/<int:pk>/decline/", views.decline, name="decline_ownership_offer"),
]
