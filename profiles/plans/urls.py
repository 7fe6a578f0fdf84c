"""The address of the page about the plan."""

from django.urls import path

from profiles.plans import views

urlpatterns = [path("settings/plan/", views.plan, name="plan")]
