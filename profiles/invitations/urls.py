"""Addresses of invitations."""

from django.urls import path

from profiles.invitations import views

urlpatterns = [
    path("members/invitations/", views.invitations, name="invitations"),
    path("members/invitations/new/", views.invite, name="invite"),
    path("members/invitations/<int:pk>/resend/", views.resend, name="resend_invitation"),
    path("members/invitations/<int:pk>/revoke/", views.revoke, name="revoke_invitation"),
    path("invitations/<str:token>/", views.accept, name="accept_invitation"),
]
