"""Addresses of the pages on which owners manage domains."""

from django.urls import path

from profiles.own_domains import views

urlpatterns = [
    path("settings/domains/", views.own_domains, name="own_domains"),
    path("settings/domains/add/", views.add_own_domain, name="add_own_domain"),
    path("settings/domains/main/", views.canonical_address, name="canonical_address"),
    path("settings/domains/<int:pk>/", views.own_domain, name="own_domain"),
    path("settings/domains/<int:pk>/check/", views.check_own_domain, name="check_own_domain"),
    path("settings/domains/<int:pk>/remove/", views.remove_own_domain, name="remove_own_domain"),
]
