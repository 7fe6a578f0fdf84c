"""The address at which an owner keeps an organisation that leaves."""

from django.urls import path

from profiles.leaving import views

urlpatterns = [path("leaving/<slug:slug>/<str:token>/", views.keep_organisation, name="keep_organisation")]
