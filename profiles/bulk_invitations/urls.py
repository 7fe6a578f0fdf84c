"""Addresses of lists of invitations."""

from django.urls import path

from profiles.bulk_invitations import views

urlpatterns = [
    path("members/invitations/many/", views.invite_many, name="invite_many"),
    path("members/invitations/many/<int:pk>/", views.batch, name="invitation_list"),
    path("members/invitations/many/<int:pk>/send/", views.send, name="send_invitation_list"),
    path("members/invitations/many/<int:pk>/results.csv", views.results, name="invitation_list_results"),
]
