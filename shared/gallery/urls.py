"""URLs of the gallery, on the bare domain and with DEBUG only."""

from django.urls import include, path

from shared.gallery import views

patterns = [
    path("", views.gallery, name="gallery"),
    path("gallery/texts/<path:name>", views.mail_text, name="gallery_mail_text"),
    path("gallery/mails/<path:name>", views.mail_html, name="gallery_mail_html"),
    path("gallery/errors/<path:name>", views.error, name="gallery_error"),
]

urlpatterns = [path("dev/", include(patterns))]
