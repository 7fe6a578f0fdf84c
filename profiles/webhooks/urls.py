"""Addresses of webhooks."""

from django.urls import path

from profiles.webhooks import views

urlpatterns = [
    path("settings/webhooks/", views.webhooks, name="webhooks"),
    path("settings/webhooks/new/", views.new_webhook, name="new_webhook"),
    path("settings/webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/edit/", views.edit_webhook, name="edit_webhook"),
    path("settings/webhooks/<int:pk>/secret/", views.webhook_secret, name="webhook_secret"),
    path("settings/webhooks/<int:pk>/secret/renew/", views.rotate_webhook, name="rotate_webhook"),
    path("settings/webhooks/<int:pk>/remove/", views.remove_webhook, name="remove_webhook"),
    path("settings/webhooks/<int:pk>/test/", views.test_webhook, name="test_webhook"),
    path("settings/webhooks/<int:pk>/messages/<int:number>/", views.webhook_message, name="webhook_message"),
    path("settings/webhooks/<int:pk>/messages/<int:number>/again/", views.redeliver, name="redeliver_webhook_message"),
]
