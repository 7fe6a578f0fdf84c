"""Addresses in the organisation that is visited."""

from django.urls import path

from profiles.support import views

urlpatterns = [
    path("settings/support/", views.support_access, name="support_access"),
    path("settings/support/<int:pk>/answer/", views.answer_support, name="answer_support"),
    path("settings/support/<int:pk>/end/", views.end_support_visit, name="end_support_visit"),
    path("support/enter/<str:token>/", views.enter_support, name="enter_support"),
    path("support/leave/", views.leave_support, name="leave_support"),
]
