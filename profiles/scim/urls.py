"""Addresses of SCIM, and of the pages where an owner sets it up."""

from django.urls import path

from profiles.scim import directory_views, views

urlpatterns = [
    path("scim/v2/ServiceProviderConfig", directory_views.service, name="scim_service"),
    path("scim/v2/ResourceTypes", directory_views.discovery, {"kind": "ResourceTypes"}, name="scim_types"),
    path("scim/v2/ResourceTypes/<str:id>", directory_views.discovery, {"kind": "ResourceTypes"}, name="scim_type"),
    path("scim/v2/Schemas", directory_views.discovery, {"kind": "Schemas"}, name="scim_schemas"),
    path("scim/v2/Schemas/<str:id>", directory_views.discovery, {"kind": "Schemas"}, name="scim_schema"),
    path("scim/v2/<str:endpoint>", directory_views.resources, name="scim_resources"),
    path("scim/v2/<str:endpoint>/<str:id>", directory_views.resource, name="scim_resource"),
    path("settings/provisioning/", views.settings, name="scim_settings"),
    path("settings/provisioning/on/", views.switch_on, name="switch_on_scim"),
    path("settings/provisioning/edit/", views.edit, name="edit_scim"),
    path("settings/provisioning/remove/", views.remove, name="remove_scim"),
    path("settings/provisioning/tokens/new/", views.new_token, name="new_scim_token"),
    path("settings/provisioning/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_scim_token"),
]
