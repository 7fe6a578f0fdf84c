"""URLs of the development mailbox, on the bare domain and with DEBUG only."""

from django.urls import include, path

from shared.mailbox import views

patterns = [
    path("", views.mailbox, name="dev_mail"),
    path("<str:name>/", views.message, name="dev_message"),
    path("<str:name>/html/", views.message_html, name="dev_message_html"),
]

urlpatterns = [path("dev/mail/", include(patterns))]
