"""The address where an owner keeps an organisation that is being deleted."""

from django.urls import path

from profiles.leaving import views

urlpatterns = [path("leaving/<slug:slug>/<str:token>/", views.keep_organisation, name="keep_organisation")]
