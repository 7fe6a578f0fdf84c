"""Addresses of codes by mail."""

from django.urls import path

from profiles.mail_codes import views

urlpatterns = [
    path("account/code/", views.ask, name="mail_code"),
    path("account/code/confirm/", views.confirm, name="confirm_mail_code"),
]
