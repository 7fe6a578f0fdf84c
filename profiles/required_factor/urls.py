"""The address of the policy."""

from django.urls import path

from profiles.required_factor import views

urlpatterns = [path("settings/two-factor/", views.required_factor, name="required_factor")]
