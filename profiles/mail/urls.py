"""URLs by which the owner of a mailbox refuses mail."""

from django.urls import path

from profiles.mail import views

urlpatterns = [
    path("mail/<str:token>/", views.refuse, name="refuse_mail"),
    path("mail/<str:token>/again/", views.allow, name="allow_mail"),
]
