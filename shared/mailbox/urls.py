"""Addresses of the development mailbox, on the bare domain and with DEBUG only."""

from django.urls import path

from shared import mailbox_views

urlpatterns = [
    path("", mailbox_views.mailbox, name="dev_mail"),
    path("<str:name>/", mailbox_views.message, name="dev_message"),
    path("<str:name>/html/", mailbox_views.message_html, name="dev_message_html"),
]
