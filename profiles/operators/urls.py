"""Addresses of the console, on the operators' host alone."""

from django.urls import path

from profiles.operators import acting, health, queue_views, views

urlpatterns = [
    path("console/", views.console, name="console"),
    path("console/organisations/", views.console_organisations, name="console_organisations"),
    path("console/organisations.csv", views.export_console, name="export_console"),
    path("console/organisations/<int:pk>/", views.console_organisation, name="console_organisation"),
    path("console/organisations/<int:pk>/actions/<slug:name>/", acting.console_action, name="console_action"),
    path("console/jobs/", queue_views.console_jobs, name="console_jobs"),
    path("console/jobs/<slug:verb>/", queue_views.console_jobs_do, name="console_jobs_do"),
    path("console/health/", health.console_health, name="console_health"),
]
