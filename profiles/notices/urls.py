"""Addresses of notices."""

from django.urls import path

from profiles.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read_all_notices"),
    path("notices/<int:pk>/", views.open_notice, name="open_notice"),
    path("notices/<int:pk>/read/", views.read, name="read_notice"),
    path("notices/<int:pk>/unread/", views.unread, name="unread_notice"),
    path("notices/unread/<str:token>/", views.bell, name="notice_bell"),
    path("notices/stop/<str:token>/", views.stop, name="stop_notices"),
    path("account/notifications/", views.preferences, name="notice_preferences"),
]
