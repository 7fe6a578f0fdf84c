"""The address at which a member closes an announcement."""

from django.urls import path

from profiles.announcements import views

urlpatterns = [path("announcements/<int:pk>/close/", views.close_announcement, name="close_announcement")]
